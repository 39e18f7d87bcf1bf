/** Heart rates of a day as the account export has them; all values are made up. */
import { arrayLaws } from '../law-fixture.ts'

export const laws = arrayLaws(
  'fitbit',
  'heart_rate-2026-01-05.json',
  [0, 1, 2, 3, 4, 5].map((number) => ({
    dateTime: `01/05/26 07:0${number}:05`,
    value: { bpm: 60 + number, confidence: number % 4 },
  })),
)

/** The export writes JSON with blanks before colons, one key a line. */
export function written(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('": ', '" : ')
}
