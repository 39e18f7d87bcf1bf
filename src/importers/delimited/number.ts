/** Numbers in cells. Nothing is guessed: a thousands separator, a second number or a word make it none. */

const withPoint = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/
const withComma = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d{1,3})?$/

/** The number in a cell; NaN when there is none. */
export function cellNumber(text: string, decimalComma = false): number {
  const plain = text.trim().replace(/\u2212/g, '-')
  if (plain.length > 40) return Number.NaN
  if (decimalComma) return withComma.test(plain) ? Number(plain.replace(',', '.')) : Number.NaN
  return withPoint.test(plain) ? Number(plain) : Number.NaN
}

/** A number with a decimal point or a decimal comma, where the format has no thousands separators. */
export function eitherNumber(text: string): number {
  const value = cellNumber(text)
  return Number.isNaN(value) ? cellNumber(text, true) : value
}
