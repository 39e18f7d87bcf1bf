/** The JSON values of a member, and looking into values whose shape nobody promised. */
import { encodingOf, headText, utf8Chunks } from '../delimited/text.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { memberChunks, memberLabel } from '../member-chunks.ts'
import { JsonSplitter } from './splitter.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Takes a parsed value; `where` is `file.json:12`. */
export type TakeValue = (value: unknown, where: string) => void

/** Reads the values of a member: elements of a top-level array, NDJSON lines, or the one document. */
export async function readValues(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
  take: TakeValue,
): Promise<void> {
  const label = memberLabel(member.name)
  const refused = (line: number, reason: string, raw: string) => {
    if (intake.begin(1)) intake.refuse(`${label}:${line}`, reason, raw, 'REFUSED_INPUT')
  }
  const splitter = new JsonSplitter({
    value: (text, line) => {
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        refused(line, 'it is no JSON', text)
        return
      }
      take(value, `${label}:${line}`)
    },
    refused,
  })
  const head = await member.head()
  const chunks = memberChunks(member, intake, totalBytes)
  for await (const chunk of utf8Chunks(chunks, encodingOf(head))) splitter.push(chunk)
  if (!intake.interrupted) splitter.finish()
}

/** Whether a beginning looks like JSON; its text, else ''. */
export function jsonHead(head: Uint8Array): string {
  const text = headText(head)
  return /^\s*[[{"]/.test(text) ? text : ''
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of an own key; undefined for everything inherited. */
export function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The text under a key; '' when there is none. */
export function textAt(value: unknown, key: string): string {
  const found = own(value, key)
  return typeof found === 'string' ? found.trim() : ''
}

/** The number under a key, also of a `{"$numberLong":"…"}` of MongoDB; NaN when there is none. */
export function numberAt(value: unknown, key: string): number {
  const found = own(value, key)
  if (typeof found === 'number') return found
  if (!isObject(found)) return Number.NaN
  for (const name of ['$numberLong', '$numberInt', '$numberDouble'] as const) {
    const text = own(found, name)
    if (typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  }
  return Number.NaN
}

/** The elements of the list under a key; none when there is no list. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = own(value, key)
  return Array.isArray(found) ? found : []
}
