/** Decimal text of numbers, rounded half away from zero on the digits that people see. */

/** Conversions are exact to some fifteen digits; beyond twelve there is only noise (179.94999999999996). */
const significantDigits = 12

/** `value` with `digits` digits after the point; never `-0`. Not for NaN or infinities. */
export function decimalText(value: number, digits: number): string {
  const { whole, fraction } = plainDigits(Math.abs(value))
  const kept = fraction.slice(0, digits).padEnd(digits, '0')
  let scaled = BigInt(whole + kept)
  if (fraction.charCodeAt(digits) >= 0x35) scaled += 1n
  const text = scaled.toString().padStart(digits + 1, '0')
  const split = text.length - digits
  const unsigned = digits === 0 ? text : `${text.slice(0, split)}.${text.slice(split)}`
  return value < 0 && scaled !== 0n ? `-${unsigned}` : unsigned
}

/** The decimal digits of a non-negative number before and after the point, without exponent. */
function plainDigits(value: number): { readonly whole: string; readonly fraction: string } {
  const [mantissa = '0', exponentText = '0'] = value.toExponential(significantDigits - 1).split('e')
  const digits = mantissa.replace('.', '')
  const point = Number(exponentText) + 1
  if (point <= 0) return { whole: '0', fraction: '0'.repeat(-point) + digits }
  return { whole: digits.slice(0, point).padEnd(point, '0'), fraction: digits.slice(point) }
}
