/**
 * Reads one column of numbers (number-column-format.ts). Every loop is bounded by the number of rows and by the
 * bytes; what does not fit ends in DAMAGED. The loops are the hot path of every scan, hence one per packing, on local
 * variables only.
 */
import { ByteReader, Failure } from '../../foundation/index.ts'
import { maxScale, packing, powersOfTen, signBit, transform } from './number-column-format.ts'

export type IntegerArray = Int16Array | Uint8Array | Uint32Array

interface Head {
  readonly transform: number
  readonly packing: number
  readonly power: number
  readonly base: number
  readonly step: number
  readonly firstDifference: number
  readonly minimum: number
  /** Where the residuals begin. */
  readonly at: number
}

/** Decodes a column of `length` ≥ 1 doubles. */
export function decodeNumbers(bytes: Uint8Array, length: number): Float64Array {
  const out = new Float64Array(length)
  const kind = (bytes[0] ?? 0xff) & 7
  if (kind === transform.raw || kind === transform.xor) {
    if ((bytes[0] as number) >> 3 !== 0) throw damaged('an unknown form')
    if (kind === transform.raw) readRaw(bytes, out)
    else readXor(bytes, out)
    return out
  }
  const head = readHead(bytes)
  if (head.transform === transform.constant) {
    if (head.at !== bytes.length) throw damaged('too long')
    out.fill(head.base / head.power)
    return out
  }
  readSteps(bytes, head, out)
  toValues(out, head)
  return out
}

/** Decodes a column of whole numbers within [min, max] into `out`. */
export function decodeNumbersInto(bytes: Uint8Array, out: IntegerArray, min: number, max: number): void {
  if (((bytes[0] ?? 0xff) & 7) === transform.constant) {
    const head = readHead(bytes)
    const value = head.base / head.power
    if (head.at !== bytes.length || !Number.isInteger(value) || value < min || value > max) {
      throw damaged('a number out of range')
    }
    if (value !== 0) out.fill(value)
    return
  }
  const numbers = decodeNumbers(bytes, out.length)
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number
    if (!(value >= min && value <= max) || !Number.isInteger(value)) throw damaged('a number out of range')
    out[i] = value
  }
}

/** The value of a constant column, or undefined where it may vary. */
export function constantOf(bytes: Uint8Array): number | undefined {
  if (((bytes[0] ?? 0xff) & 7) !== transform.constant) return undefined
  const head = readHead(bytes)
  return head.base / head.power
}

function readHead(bytes: Uint8Array): Head {
  const reader = new ByteReader(bytes, 'a column of observations')
  const kind = reader.u8()
  const scaleAndSigns = reader.u8()
  const scale = scaleAndSigns & 0x0f
  const form = kind & 7
  if (kind >> 6 !== 0 || kind >> 3 > packing.zigzag || form > transform.runs) throw damaged('an unknown form')
  if (scale > maxScale || scaleAndSigns >> 7 !== 0) throw damaged('an unknown scale')
  const signed = (magnitude: number, bit: number) => ((scaleAndSigns & bit) === 0 ? magnitude : -magnitude)
  const base = signed(reader.varint(), signBit.base)
  let step = 0
  let firstDifference = 0
  let minimum = 0
  if (form !== transform.constant) {
    step = reader.varint()
    if (form === transform.delta2) firstDifference = signed(reader.varint(), signBit.firstDifference)
    minimum = signed(reader.varint(), signBit.minimum)
  }
  return {
    transform: form,
    packing: kind >> 3,
    power: powersOfTen[scale] as number,
    base,
    step,
    firstDifference,
    minimum,
    at: reader.offset,
  }
}

/** Fills `out` with j, the steps from the first row. */
function readSteps(bytes: Uint8Array, head: Head, out: Float64Array): void {
  if (head.transform === transform.runs) {
    readRuns(bytes, head, out)
    return
  }
  const from = head.transform === transform.plain ? 0 : head.transform === transform.delta ? 1 : 2
  readResiduals(bytes, head, out, Math.min(from, out.length))
  if (from === 0) return
  if (from === 2 && out.length > 1) {
    out[1] = head.firstDifference
    accumulate(out, 2)
  }
  accumulate(out, 1)
}

function accumulate(out: Float64Array, from: number): void {
  let sum = out[from - 1] as number
  for (let i = from; i < out.length; i++) {
    sum += out[i] as number
    out[i] = sum
  }
}

function toValues(out: Float64Array, head: Head): void {
  const { base, step, power } = head
  if (power === 1) for (let i = 0; i < out.length; i++) out[i] = base + step * (out[i] as number)
  else for (let i = 0; i < out.length; i++) out[i] = (base + step * (out[i] as number)) / power
}

function readResiduals(bytes: Uint8Array, head: Head, out: Float64Array, from: number): void {
  const { minimum, at } = head
  const count = out.length - from
  const size = bytes.length - at
  if (head.packing === packing.none) {
    if (size !== 0) throw damaged('too long')
    out.fill(minimum, from)
  } else if (head.packing === packing.varint) readVarints(bytes, at, out, from, minimum)
  else if (head.packing === packing.zigzag) readZigzags(bytes, at, out, from)
  else {
    const width = head.packing === packing.u8 ? 1 : head.packing === packing.u16 ? 2 : 4
    if (size !== count * width) throw damaged('a wrong length')
    if (width === 1) readU8(bytes, at, out, from, minimum)
    else if (width === 2) readU16(bytes, at, out, from, minimum)
    else readU32(bytes, at, out, from, minimum)
  }
}

function readU8(bytes: Uint8Array, start: number, out: Float64Array, from: number, minimum: number): void {
  for (let i = from, at = start; i < out.length; i++, at++) out[i] = (bytes[at] as number) + minimum
}

function readU16(bytes: Uint8Array, start: number, out: Float64Array, from: number, minimum: number): void {
  for (let i = from, at = start; i < out.length; i++, at += 2) {
    out[i] = (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) + minimum
  }
}

function readU32(bytes: Uint8Array, start: number, out: Float64Array, from: number, minimum: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = from, at = start; i < out.length; i++, at += 4) out[i] = view.getUint32(at) + minimum
}

function readVarints(
  bytes: Uint8Array,
  start: number,
  out: Float64Array,
  from: number,
  minimum: number,
): void {
  const end = bytes.length
  let at = start
  for (let i = from; i < out.length; i++) {
    if (at >= end) throw damaged('cut short')
    let value = bytes[at++] as number
    if (value >= 0x80) {
      const second = at < end ? (bytes[at++] as number) : 0xff
      value += (second << 7) - 0x80
      if (second >= 0x80) {
        value -= 0x4000
        for (let scale = 0x4000, more = true; more; scale *= 0x80) {
          if (at >= end || scale > 2 ** 49) throw damaged('an endless integer')
          const byte = bytes[at++] as number
          value += (byte & 0x7f) * scale
          more = byte >= 0x80
        }
      }
    }
    out[i] = value + minimum
  }
  if (at !== end) throw damaged('too long')
}

function readZigzags(bytes: Uint8Array, start: number, out: Float64Array, from: number): void {
  readVarints(bytes, start, out, from, 0)
  for (let i = from; i < out.length; i++) {
    const code = out[i] as number
    out[i] = code % 2 === 0 ? code / 2 : -(code + 1) / 2
  }
}

function readRuns(bytes: Uint8Array, head: Head, out: Float64Array): void {
  if (head.packing !== packing.none) throw damaged('an unknown form')
  const reader = new ByteReader(bytes.subarray(head.at), 'a column of observations')
  let row = 0
  while (row < out.length) {
    const value = reader.varint() + head.minimum
    const count = reader.varint()
    if (count === 0 || count > out.length - row) throw damaged('a wrong run')
    out.fill(value, row, row + count)
    row += count
  }
  reader.end()
}

function readRaw(bytes: Uint8Array, out: Float64Array): void {
  if (bytes.length !== 1 + out.length * 8) throw damaged('a wrong length')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(1 + i * 8)
}

function readXor(bytes: Uint8Array, out: Float64Array): void {
  const bits = new Uint8Array(8)
  const view = new DataView(bits.buffer)
  let at = 1
  for (let i = 0; i < out.length; i++) {
    const counts = bytes[at++] ?? 0xff
    const end = 8 - (counts & 0x0f)
    let byte = counts >> 4
    if (byte > 8 || end < 0 || at + Math.max(0, end - byte) > bytes.length) throw damaged('cut short')
    for (; byte < end; byte++) bits[byte] = (bits[byte] as number) ^ (bytes[at++] as number)
    out[i] = view.getFloat64(0)
  }
  if (at !== bytes.length) throw damaged('too long')
}

function damaged(reason: string): Failure {
  return new Failure('DAMAGED', `a column of observations is malformed: ${reason}`, {
    hint: 'healthmate vault scrub',
  })
}
