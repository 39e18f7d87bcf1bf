/** What a file of the export holds: by its content, and by its name where several kinds look alike. */
import { firstRows } from '../delimited/member-rows.ts'
import { jsonHead } from '../json/member-values.ts'
import { outerKeys } from '../json/outer-keys.ts'
import { memberLabel } from '../member-chunks.ts'

/**
 * The family that a name stands for: `heart_rate-2019-05-01.json` and `Heart Rate_2019-05-01 (1).csv` are
 * `heart_rate`, `exercise-100.json` is `exercise`.
 */
export function familyOf(name: string): string {
  return memberLabel(name)
    .replace(/\.(json|csv)$/i, '')
    .replace(/ ?\(\d+\)$/, '')
    .replace(/( - |[-_ ])\d{4}-?\d{2}.*$/, '')
    .replace(/-\d+$/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()
}

/** Kinds of JSON by what only they hold, in order. */
const jsonMarks = [
  ['heart-rate', /"bpm"\s*:\s*[\d.]+\s*,\s*"confidence"\s*:/],
  ['sleep', /"dateOfSleep"\s*:/],
  ['exercise', /"activityName"\s*:[\s\S]*"(activeDuration|originalStartTime|logType)"\s*:/],
  ['weight', /"logId"\s*:\s*\d+\s*,\s*"weight"\s*:/],
  ['food', /"loggedFood"\s*:/],
  ['series', /"dateTime"\s*:\s*"\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d"\s*,\s*"value"\s*:/],
] as const

/** Kinds of answers of the Web API by their outer keys, and by what else only they hold. */
const answerMarks = [
  ['series-answer', [/^activities-/], /"dateTime"\s*:/],
  ['day', [/^activities$/, /^summary$/], /"caloriesOut"\s*:/],
  ['weight', [/^(weight|fat)$/], /"logId"\s*:/],
  ['sleep', [/^sleep$/, /^summary$/], /"totalMinutesAsleep"\s*:/],
] as const

export type JsonKind = (typeof jsonMarks | typeof answerMarks)[number][0]

/** The kind of a JSON file; undefined for a file of other programs. */
export function jsonKindOf(head: Uint8Array): JsonKind | undefined {
  const text = jsonHead(head)
  if (text === '') return undefined
  const keys = [...outerKeys(text)]
  const isAnswer = (names: readonly RegExp[]) => names.every((name) => keys.some((key) => name.test(key)))
  const answer = answerMarks.find(([, names, mark]) => isAnswer(names) && mark.test(text))
  return answer?.[0] ?? jsonMarks.find(([, mark]) => mark.test(text))?.[0]
}

/** Titles of the first line in lower case. */
export function titlesOf(head: Uint8Array): readonly string[] {
  return (firstRows(head, 1)[0] ?? []).map((title) => title.toLowerCase())
}
