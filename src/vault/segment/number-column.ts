/** Writes one column of numbers in the smallest of the forms of number-column-format.ts. */
import {
  maxScale,
  type Packing,
  packing,
  powersOfTen,
  signBit,
  type Transform,
  transform,
} from './number-column-format.ts'

export type Numbers = Float64Array | Int32Array | Int16Array | Uint8Array | Uint32Array

/** A column as whole numbers: value = (base + step · steps[i]) / 10^scale, exactly. */
interface WholeNumbers {
  readonly scale: number
  readonly base: number
  readonly step: number
  readonly steps: Float64Array
}

/** Largest |x| that stays exact while the scale is raised, and largest span whose second differences are exact. */
const maxWhole = 2 ** 51
const maxSpan = 2 ** 50

/** Encodes a column of at least one row. */
export function encodeNumbers(column: Numbers): Uint8Array {
  // Most columns of a block are constant: one row tells all. Everything behind sees doubles alone, which keeps its
  // loops fast: code that meets five kinds of arrays is compiled for none.
  const doubles = isConstant(column) ? Float64Array.of(column[0] as number) : toDoubles(column)
  const whole = wholeNumbers(doubles)
  if (whole === null) return encodeDoubles(toDoubles(column))
  if (whole.step === 0) return head(transform.constant, packing.none, whole).slice()
  return encodeWhole(whole)
}

/** Whether all rows are the same bit for bit: then the bytes equal themselves moved by one row. */
function isConstant(column: Numbers): boolean {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = column
  const behindFirst = Buffer.from(buffer, byteOffset + size, byteLength - size)
  return behindFirst.equals(Buffer.from(buffer, byteOffset, byteLength - size))
}

function toDoubles(column: Numbers): Float64Array {
  return column instanceof Float64Array ? column : new Float64Array(column)
}

function wholeNumbers(column: Float64Array): WholeNumbers | null {
  const scale = decimalScale(column)
  if (scale < 0) return null
  const power = powersOfTen[scale] as number
  const { length } = column
  const steps = new Float64Array(length)
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < length; i++) {
    const value = column[i] as number
    const whole = scale === 0 ? value : Math.round(value * power)
    if (whole / power !== value || whole > maxWhole || whole < -maxWhole) return null
    if (whole < min) min = whole
    if (whole > max) max = whole
    steps[i] = whole
  }
  if (max - min > maxSpan) return null
  const base = steps[0] as number
  const step = commonStep(steps)
  if (step > 0) for (let i = 0; i < length; i++) steps[i] = ((steps[i] as number) - base) / step
  return { scale, base, step, steps }
}

/** The least scale at which every row is a whole number, or −1. Exact at one scale means exact at the next. */
function decimalScale(column: Float64Array): number {
  let scale = 0
  let power = 1
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number
    if (value === 0 && Object.is(value, -0)) return -1
    while (Math.round(value * power) / power !== value) {
      scale++
      if (scale > maxScale) return -1
      power = powersOfTen[scale] as number
    }
  }
  return scale
}

/** Greatest common divisor of the differences; 0 when all rows are equal. */
function commonStep(whole: Float64Array): number {
  let step = 0
  let previous = whole[0] as number
  for (let i = 1; i < whole.length && step !== 1; i++) {
    const value = whole[i] as number
    const difference = Math.abs(value - previous)
    previous = value
    if (difference === 0 || difference === step) continue
    if (step === 0) step = difference
    // The remainder of small integers is many times faster than that of doubles.
    else if (difference < 0x7fffffff && step < 0x7fffffff) {
      if ((difference | 0) % (step | 0) !== 0) step = greatestCommonDivisor(step, difference)
    } else step = greatestCommonDivisor(step, difference)
  }
  return step
}

function greatestCommonDivisor(a: number, b: number): number {
  let larger = a
  let smaller = b
  while (smaller !== 0) {
    const rest = larger % smaller
    larger = smaller
    smaller = rest
  }
  return larger
}

interface Choice {
  readonly transform: Transform
  readonly packing: Packing
  readonly minimum: number
  readonly size: number
}

function encodeWhole(whole: WholeNumbers): Uint8Array {
  const { steps } = whole
  const deltas = differences(steps, 1)
  let deltas2: Float64Array | undefined
  const plain = choose(transform.plain, steps, 0, Number.POSITIVE_INFINITY)
  let best = better(plain, choose(transform.delta, deltas, 1, plain.size))
  // Beside one byte a row, second differences have nothing left to save.
  if (best.packing > packing.u8) {
    deltas2 = differences(deltas, 2)
    best = better(best, choose(transform.delta2, deltas2, 2, best.size))
  }
  const runs = runsSize(steps, deltas)
  if (runs < best.size) {
    best = { transform: transform.runs, packing: packing.none, minimum: minimumOf(steps), size: runs }
  }
  const start = head(best.transform, best.packing, whole, best.minimum, deltas[1] as number)
  const out = new Uint8Array(start.length + best.size)
  out.set(start)
  const at = start.length
  if (best.transform === transform.runs) return out.subarray(0, writeRuns(steps, best.minimum, out, at))
  if (best.transform === transform.plain) writeResiduals(steps, 0, best, out, at)
  else if (best.transform === transform.delta) writeResiduals(deltas, 1, best, out, at)
  else if (deltas2 !== undefined) writeResiduals(deltas2, 2, best, out, at)
  return out
}

/** Differences drop a row or two; that alone is no reason to make a reader add them up. */
function better(simpler: Choice, other: Choice): Choice {
  return other.size + 2 < simpler.size ? other : simpler
}

function minimumOf(steps: Float64Array): number {
  let minimum = 0
  for (let i = 0; i < steps.length; i++) minimum = Math.min(minimum, steps[i] as number)
  return minimum
}

/** out[i] = of[i] − of[i − 1] from row `from`; rows before are 0. */
function differences(of: Float64Array, from: number): Float64Array {
  const out = new Float64Array(of.length)
  let previous = from <= of.length ? (of[from - 1] as number) : 0
  for (let i = from; i < of.length; i++) {
    const value = of[i] as number
    out[i] = value - previous
    previous = value
  }
  return out
}

/**
 * The smallest packing of residuals [from, length); fixed widths win ties because they decode fastest. `limit`: a
 * size from which on nobody wants it.
 */
function choose(kind: Transform, residuals: Float64Array, from: number, limit: number): Choice {
  const { length } = residuals
  const count = Math.max(0, length - from)
  if (count === 0) return { transform: kind, packing: packing.none, minimum: 0, size: 0 }
  let minimum = residuals[from] as number
  let maximum = minimum
  for (let i = from; i < length; i++) {
    const residual = residuals[i] as number
    if (residual < minimum) minimum = residual
    else if (residual > maximum) maximum = residual
  }
  const span = maximum - minimum
  if (span === 0) return { transform: kind, packing: packing.none, minimum, size: 0 }
  if (span < 0x100) return { transform: kind, packing: packing.u8, minimum, size: count }
  const sizes = variableSizes(residuals, from, minimum, limit)
  if (span < 0x10000 && count * 2 <= Math.min(sizes.varint, sizes.zigzag)) {
    return { transform: kind, packing: packing.u16, minimum, size: count * 2 }
  }
  if (span < 0x1_0000_0000 && count * 4 <= Math.min(sizes.varint, sizes.zigzag)) {
    return { transform: kind, packing: packing.u32, minimum, size: count * 4 }
  }
  if (sizes.zigzag < sizes.varint) {
    return { transform: kind, packing: packing.zigzag, minimum: 0, size: sizes.zigzag }
  }
  return { transform: kind, packing: packing.varint, minimum, size: sizes.varint }
}

function variableSizes(
  residuals: Float64Array,
  from: number,
  minimum: number,
  limit: number,
): { varint: number; zigzag: number } {
  let varint = 0
  let zigzag = 0
  for (let i = from; i < residuals.length; i++) {
    const residual = residuals[i] as number
    const above = residual - minimum
    varint += above < 0x80 ? 1 : above < 0x4000 ? 2 : above < 0x20_0000 ? 3 : varintSize(above)
    const code = residual < 0 ? -2 * residual - 1 : 2 * residual
    zigzag += code < 0x80 ? 1 : code < 0x4000 ? 2 : code < 0x20_0000 ? 3 : varintSize(code)
    if (varint > limit && zigzag > limit)
      return { varint: Number.POSITIVE_INFINITY, zigzag: Number.POSITIVE_INFINITY }
  }
  return { varint, zigzag }
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}

/** An upper bound of the size of the runs. */
function runsSize(steps: Float64Array, deltas: Float64Array): number {
  let runs = 1
  let minimum = 0
  let maximum = 0
  for (let i = 1; i < steps.length; i++) {
    if ((deltas[i] as number) === 0) continue
    runs++
    const value = steps[i] as number
    if (value < minimum) minimum = value
    else if (value > maximum) maximum = value
  }
  return runs * (varintSize(maximum - minimum) + varintSize(steps.length))
}

function writeRuns(steps: Float64Array, minimum: number, out: Uint8Array, start: number): number {
  let at = start
  let from = 0
  for (let i = 1; i <= steps.length; i++) {
    if (i < steps.length && steps[i] === steps[from]) continue
    at = writeVarint((steps[from] as number) - minimum, out, at)
    at = writeVarint(i - from, out, at)
    from = i
  }
  return at
}

function writeResiduals(
  residuals: Float64Array,
  from: number,
  choice: Choice,
  out: Uint8Array,
  start: number,
): void {
  const { minimum } = choice
  let at = start
  if (choice.packing === packing.u8) {
    for (let i = from; i < residuals.length; i++) out[at++] = (residuals[i] as number) - minimum
  } else if (choice.packing === packing.u16) {
    for (let i = from; i < residuals.length; i++) {
      const above = (residuals[i] as number) - minimum
      out[at++] = above >>> 8
      out[at++] = above
    }
  } else if (choice.packing === packing.u32) {
    const view = new DataView(out.buffer)
    for (let i = from; i < residuals.length; i++, at += 4)
      view.setUint32(at, (residuals[i] as number) - minimum)
  } else if (choice.packing === packing.varint) {
    for (let i = from; i < residuals.length; i++)
      at = writeVarint((residuals[i] as number) - minimum, out, at)
  } else if (choice.packing === packing.zigzag) {
    for (let i = from; i < residuals.length; i++) {
      const residual = residuals[i] as number
      at = writeVarint(residual < 0 ? -2 * residual - 1 : 2 * residual, out, at)
    }
  }
}

function writeVarint(value: number, out: Uint8Array, start: number): number {
  let at = start
  let rest = value
  while (rest >= 0x8000_0000) {
    out[at++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  let small = rest | 0
  while (small >= 0x80) {
    out[at++] = (small & 0x7f) | 0x80
    small >>>= 7
  }
  out[at++] = small
  return at
}

function head(
  kind: Transform,
  pack: Packing,
  whole: WholeNumbers,
  minimum = 0,
  firstDifference = 0,
): Uint8Array {
  const out = new Uint8Array(2 + 4 * 8)
  let signs = whole.base < 0 ? signBit.base : 0
  if (kind === transform.delta2 && firstDifference < 0) signs |= signBit.firstDifference
  if (minimum < 0) signs |= signBit.minimum
  out[0] = kind | (pack << 3)
  out[1] = whole.scale | signs
  let at = writeVarint(Math.abs(whole.base), out, 2)
  if (kind !== transform.constant) {
    at = writeVarint(whole.step, out, at)
    if (kind === transform.delta2) at = writeVarint(Math.abs(firstDifference), out, at)
    at = writeVarint(Math.abs(minimum), out, at)
  }
  return out.subarray(0, at)
}

/** `xor`, or `raw` where that is no larger. */
function encodeDoubles(column: Numbers): Uint8Array {
  const { length } = column
  const raw = new Uint8Array(1 + length * 8)
  const view = new DataView(raw.buffer)
  for (let i = 0; i < length; i++) view.setFloat64(1 + i * 8, column[i] as number)
  raw[0] = transform.raw
  const xor = new Uint8Array(1 + length * 9)
  xor[0] = transform.xor
  let at = 1
  for (let i = 0; i < length; i++) at = writeXor(raw, 1 + i * 8, i === 0, xor, at)
  return at < raw.length ? xor.slice(0, at) : raw
}

function writeXor(raw: Uint8Array, from: number, isFirst: boolean, out: Uint8Array, start: number): number {
  let leading = 8
  let trailing = 0
  for (let i = 0; i < 8; i++) {
    const byte = (raw[from + i] as number) ^ (isFirst ? 0 : (raw[from + i - 8] as number))
    if (byte === 0) continue
    if (leading === 8) leading = i
    trailing = 7 - i
  }
  let at = start
  out[at++] = (leading << 4) | trailing
  for (let i = leading; i < 8 - trailing; i++) {
    out[at++] = (raw[from + i] as number) ^ (isFirst ? 0 : (raw[from + i - 8] as number))
  }
  return at
}
