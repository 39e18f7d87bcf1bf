/** Numbers of Apple Health exports, read from bytes without making a text where that is exact. */

/** Powers of ten that a double holds exactly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
/** As many digits always fit below 2^53. */
const exactDigits = 15
const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/

/**
 * The decimal number in bytes[start, end); NaN when it is none (empty, hexadecimal, words, a decimal comma).
 *
 * Up to 15 digits the result is digits / 10^k with both exact, which IEEE 754 division rounds correctly: the same
 * double that `Number` gives.
 */
export function readDecimal(bytes: Buffer, start: number, end: number): number {
  let i = start
  const isNegative = bytes[i] === 0x2d
  if (isNegative) i++
  if (end - i > exactDigits + 1 || i >= end) return readSlowly(bytes, start, end)
  let value = 0
  let point = -1
  for (; i < end; i++) {
    const c = bytes[i] as number
    if (c >= 0x30 && c <= 0x39) value = value * 10 + (c - 0x30)
    else if (c === 0x2e && point < 0) point = i
    else return readSlowly(bytes, start, end)
  }
  if (point >= 0) {
    const decimals = end - point - 1
    if (decimals === 0 || point === start + (isNegative ? 1 : 0)) return readSlowly(bytes, start, end)
    value /= powersOfTen[decimals] as number
  }
  return isNegative ? -value : value
}

function readSlowly(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, Math.min(end, start + 400))
  return decimalNumber.test(text) ? Number(text) : Number.NaN
}
