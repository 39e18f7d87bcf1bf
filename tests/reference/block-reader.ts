/** A slow reader of the block format, written from its description (codec.ts, number-column-format.ts) alone. */
import type { ObservationColumns } from '../../src/records/index.ts'

export function referenceDecode(bytes: Uint8Array): ObservationColumns {
  let at = 0
  const byte = (): number => bytes[at++] as number
  const varint = (): number => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const next = byte()
      value |= BigInt(next & 0x7f) << shift
      if (next < 0x80) return Number(value)
    }
  }
  const take = (count: number): Uint8Array => {
    at += count
    return bytes.slice(at - count, at)
  }
  const text = (): string => new TextDecoder().decode(take(varint()))
  const list = <T>(read: () => T): T[] => Array.from({ length: varint() }, read)

  if (byte() !== 1) throw new Error('version')
  const length = varint()
  const components = byte()
  const columns =
    length === 0
      ? Array.from({ length: 6 + components }, () => [] as number[])
      : Array.from({ length: 6 + components }, () => numbers(take(varint()), length))
  const extraTable = list(text)
  const assertionTable = list(() => list(text))
  return {
    length,
    startMs: Float64Array.from(columns[0] as number[]),
    durationMs: Float64Array.from(columns[1] as number[]),
    values: columns.slice(2, 2 + components).map((column) => Float64Array.from(column)),
    offsetMin: Int16Array.from(columns[2 + components] as number[]),
    flags: Uint8Array.from(columns[3 + components] as number[]),
    extraIndex: Uint32Array.from(columns[4 + components] as number[]),
    extraTable,
    assertionIndex: Uint32Array.from(columns[5 + components] as number[]),
    assertionTable,
  }
}

function numbers(bytes: Uint8Array, length: number): number[] {
  const queue = [...bytes]
  const byte = (): bigint => BigInt(queue.shift() as number)
  const varint = (): bigint => {
    const next = byte()
    return next < 0x80n ? next : (next & 0x7fn) + (varint() << 7n)
  }
  const bigEndian = (count: number): bigint =>
    Array.from({ length: count }, byte).reduce((value, next) => (value << 8n) | next, 0n)
  const kind = Number(byte())
  if (kind === 0) return Array.from({ length }, () => doubleOf(bigEndian(8)))
  if (kind === 1) return xor(length, byte, bigEndian)

  const scaleAndSigns = Number(byte())
  const signed = (bit: number): bigint => ((scaleAndSigns >> bit) & 1 ? -varint() : varint())
  const base = signed(4)
  const value = (whole: bigint): number => Number(whole) / 10 ** (scaleAndSigns & 15)
  if (kind === 2) return new Array(length).fill(value(base))
  const step = varint()
  const order = (kind & 7) - 3
  const firstDifference = order === 2 ? signed(5) : 0n
  const minimum = signed(6)
  const valueOfSteps = (steps: readonly bigint[]): number[] => steps.map((j) => value(base + step * j))
  if (order === 3) {
    const runs: bigint[] = []
    while (runs.length < length) {
      const j = varint() + minimum
      for (let left = varint(); left > 0n; left--) runs.push(j)
    }
    return valueOfSteps(runs)
  }
  const residual = (): bigint => {
    const packing = kind >> 3
    if (packing === 0) return minimum
    if (packing <= 3) return minimum + bigEndian(2 ** (packing - 1))
    if (packing === 4) return minimum + varint()
    const code = varint()
    return code % 2n === 0n ? code / 2n : -(code + 1n) / 2n
  }
  const steps: bigint[] = []
  let difference = firstDifference
  for (let row = 0; row < length; row++) {
    const previous = steps[row - 1] ?? 0n
    if (order === 0) steps.push(residual())
    else if (row === 0) steps.push(0n)
    else if (order === 1) steps.push(previous + residual())
    else {
      if (row > 1) difference += residual()
      steps.push(previous + difference)
    }
  }
  return valueOfSteps(steps)
}

function xor(length: number, byte: () => bigint, bigEndian: (count: number) => bigint): number[] {
  let bits = 0n
  return Array.from({ length }, () => {
    const counts = Number(byte())
    const trailing = counts & 15
    bits ^= bigEndian(8 - (counts >> 4) - trailing) << BigInt(8 * trailing)
    return doubleOf(bits)
  })
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}
