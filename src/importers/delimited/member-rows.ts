/** The rows of a member, from bytes in any usual encoding. */
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { memberChunks, memberLabel } from '../member-chunks.ts'
import { CsvReader } from './csv-rows.ts'
import { type Delimiter, delimiterOf } from './delimiter.ts'
import { encodingOf, headText, utf8Chunks } from './text.ts'

/** Takes rows; `delimiter` writes one as text again. */
export type TakeRow = (cells: readonly string[], line: number, delimiter: Delimiter) => void

export interface RowOptions {
  /** Found from the beginning when it is not given. */
  readonly delimiter?: Delimiter
  /** Lines of the file above the member's first: they count in the numbers of lines. */
  readonly linesAbove?: number
}

/** Reads all rows of a member. A damaged line is refused as a record; the others are read. */
export async function readRows(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
  take: TakeRow,
  options: RowOptions = {},
): Promise<void> {
  const head = await member.head()
  const delimiter = options.delimiter ?? delimiterOf(headText(head))
  const label = memberLabel(member.name)
  const linesAbove = options.linesAbove ?? 0
  const reader = new CsvReader(delimiter, {
    row: (cells, line) => take(cells, line + linesAbove, delimiter),
    refused: (line, reason, raw) => {
      if (intake.begin(1)) intake.refuse(`${label}:${line + linesAbove}`, reason, raw, 'REFUSED_INPUT')
    },
  })
  const chunks = memberChunks(member, intake, totalBytes)
  for await (const chunk of utf8Chunks(chunks, encodingOf(head))) {
    await reader.push(chunk)
    if (reader.isOver) break
  }
  if (!intake.interrupted) await reader.finish()
}

/** Cells of the first lines of a text, for looking at its header. */
export function firstRows(head: Uint8Array, count: number): readonly (readonly string[])[] {
  const text = headText(head)
  const delimiter = delimiterOf(text)
  return text
    .split(/\r\n|\n|\r/, count)
    .map((line) => line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
}
