/** FIT files made to the protocol, byte by byte: what the tests of the adapter import. */

export interface FieldSpec {
  readonly number: number
  readonly size: number
  readonly type: number
}

export const uint8: Omit<FieldSpec, 'number'> = { size: 1, type: 0x02 }
export const enumType: Omit<FieldSpec, 'number'> = { size: 1, type: 0x00 }
export const sint16: Omit<FieldSpec, 'number'> = { size: 2, type: 0x83 }
export const uint16: Omit<FieldSpec, 'number'> = { size: 2, type: 0x84 }
export const uint32: Omit<FieldSpec, 'number'> = { size: 4, type: 0x86 }
export const float32: Omit<FieldSpec, 'number'> = { size: 4, type: 0x88 }

/** 2026-01-02T08:00:00Z in FIT seconds. */
export const morning = Date.UTC(2026, 0, 2, 8) / 1000 - 631_065_600

type Value = number | readonly number[]

/** Builds the data section of a FIT file. */
export class FitBuilder {
  readonly #bytes: number[] = []
  readonly #fields = new Map<number, readonly FieldSpec[]>()

  /** Defines a local message. `bigEndian` only where it is to be tested. */
  define(
    local: number,
    message: number,
    fields: readonly FieldSpec[],
    developer: readonly number[][] = [],
  ): this {
    const header = 0x40 | local | (developer.length > 0 ? 0x20 : 0)
    this.#bytes.push(header, 0, 0, message & 0xff, message >> 8, fields.length)
    for (const { number, size, type } of fields) this.#bytes.push(number, size, type)
    if (developer.length > 0) this.#bytes.push(developer.length, ...developer.flat())
    this.#fields.set(local, fields)
    return this
  }

  /** A data message; values in the order of its fields, `more` behind them (developer fields). */
  data(local: number, values: readonly Value[], more: readonly number[] = []): this {
    this.#bytes.push(local)
    this.#values(local, values)
    this.#bytes.push(...more)
    return this
  }

  /** A data message with a compressed timestamp header. */
  compressed(local: number, offset: number, values: readonly Value[]): this {
    this.#bytes.push(0x80 | (local << 5) | offset)
    this.#values(local, values)
    return this
  }

  raw(...bytes: readonly number[]): this {
    this.#bytes.push(...bytes)
    return this
  }

  /** The whole file with header and checksum. */
  file(options: { readonly wrongChecksum?: boolean; readonly dataSize?: number } = {}): Uint8Array {
    const data = Uint8Array.from(this.#bytes)
    const out = new Uint8Array(14 + data.length + 2)
    const view = new DataView(out.buffer)
    out[0] = 14
    out[1] = 0x20
    view.setUint16(2, 21_217, true)
    view.setUint32(4, options.dataSize ?? data.length, true)
    out.set(Buffer.from('.FIT'), 8)
    out.set(data, 14)
    const crc = checksum(out.subarray(0, 14 + data.length))
    view.setUint16(14 + data.length, options.wrongChecksum ? crc ^ 1 : crc, true)
    return out
  }

  #values(local: number, values: readonly Value[]): void {
    const fields = this.#fields.get(local) ?? []
    for (const [index, field] of fields.entries()) {
      const value = values[index] ?? 0
      const list = typeof value === 'number' ? [value] : value
      const size = field.size / list.length
      for (const one of list) this.#bytes.push(...encoded(one, size, field.type))
    }
  }
}

function encoded(value: number, size: number, type: number): number[] {
  const buffer = new DataView(new ArrayBuffer(8))
  if (type === 0x88) buffer.setFloat32(0, value, true)
  else buffer.setBigInt64(0, BigInt(Math.round(value)), true)
  return Array.from({ length: size }, (_, at) => buffer.getUint8(at))
}

/** The nibble table of the FIT protocol document, another way than the program's own. */
function checksum(bytes: Uint8Array): number {
  const table = [
    0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000,
    0x9c01, 0x8801, 0x4400,
  ]
  let crc = 0
  for (const byte of bytes) {
    for (const nibble of [byte & 0xf, byte >> 4]) {
      const low = table[crc & 0xf] as number
      crc = (crc >> 4) & 0x0fff
      crc = crc ^ low ^ (table[nibble] as number)
    }
  }
  return crc
}

/** file_id of a type, from a Forerunner 945. */
export function withFileId(builder: FitBuilder, type: number): FitBuilder {
  return builder
    .define(0, 0, [
      { number: 0, ...enumType },
      { number: 1, ...uint16 },
      { number: 2, ...uint16 },
    ])
    .data(0, [type, 1, 3113])
}

/** The activity message that tells the local time: two hours east of UTC. */
export function withLocalTime(builder: FitBuilder): FitBuilder {
  return builder
    .define(15, 34, [
      { number: 253, ...uint32 },
      { number: 5, ...uint32 },
    ])
    .data(15, [morning, morning + 7200])
}

/** Session of a sport, ten minutes, 2 km. */
export function withSession(builder: FitBuilder, sport: number, subSport = 0): FitBuilder {
  return builder
    .define(14, 18, [
      { number: 253, ...uint32 },
      { number: 2, ...uint32 },
      { number: 5, ...enumType },
      { number: 6, ...enumType },
      { number: 7, ...uint32 },
      { number: 8, ...uint32 },
      { number: 9, ...uint32 },
      { number: 11, ...uint16 },
    ])
    .data(14, [morning + 600, morning, sport, subSport, 600_000, 540_000, 200_000, 150])
}
