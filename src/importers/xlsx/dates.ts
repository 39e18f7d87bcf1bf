/** Dates in workbooks: days since an epoch, told from numbers only by the format of the cell (ECMA-376 18.8.30). */
import { dayMs } from '../../foundation/index.ts'

/** Built-in formats of dates and times. */
const builtIn = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57])
/** Serial 0 of the 1900 system, which counts a 29 February 1900 that never was, is 1899-12-30 for all later days. */
const epoch1900 = Date.UTC(1899, 11, 30)
const epoch1904 = Date.UTC(1904, 0, 1)

/** Whether a format shows a date or time. Lengths such as `[h]:mm` are numbers of days, not dates. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtIn.has(id) && id !== 46
  const bare = code.replace(
    /"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[(?:black|blue|cyan|green|magenta|red|white|yellow)\]/gi,
    '',
  )
  if (/\[(?:h+|m+|s+)\]/i.test(bare)) return false
  return /[ymdhs]/i.test(bare.replace(/general|e[+-]/gi, ''))
}

/** A serial as `2026-01-05 08:00:00`, to the second. */
export function serialText(serial: number, is1904: boolean): string {
  const ms = (is1904 ? epoch1904 : epoch1900) + Math.round(serial * 86_400) * (dayMs / 86_400)
  if (!(Math.abs(ms) < 8e15)) return String(serial)
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
