/** JSON for machines: one line, and no character in it that a terminal would act on (security.md T36). */

/** What `JSON.stringify` leaves as it is but a terminal or a line reader would act on. */
const terminalActive = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** One line. Numbers that JSON cannot hold (NaN, infinities) become `null`; `undefined` members vanish. */
export function jsonText(document: unknown): string {
  const text = JSON.stringify(document) ?? 'null'
  return text.replace(
    terminalActive,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
