/** Data of Tidepool from JSON, from sheets of a workbook, from CSV. */
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { type JsonObject, readValues } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { memberChunks, memberLabel } from '../member-chunks.ts'
import { openWorkbook, readSheet } from '../xlsx/workbook.ts'
import { besideWorkbooks, workbooksIn } from '../xlsx/workbooks-in.ts'
import { DatumReader } from './datum.ts'

export async function readTidepool(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const reader = new DatumReader(intake)
  await readValues(member, intake, totalBytes, (value, where) => reader.take(value, jsonPlace(value, where)))
}

/** A sheet saved as CSV. */
export async function readTidepoolTable(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  const reader = new DatumReader(intake)
  let header: readonly string[] | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (!header) header = cells
    else if (cells.some((cell) => cell.trim() !== '')) {
      const place = { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) }
      reader.take(datumOf(header, cells), place)
    }
  })
}

/** Reads the workbooks of the input; what is left over is no workbook. */
export async function readTidepoolWorkbooks(
  input: OpenedInput,
  intake: Intake,
): Promise<readonly InputMember[]> {
  for (const members of workbooksIn(input)) {
    const workbook = await openWorkbook(members)
    for (const { name, member } of workbook.sheets) {
      const reader = new DatumReader(intake)
      let header: readonly string[] | undefined
      await readSheet(workbook, memberChunks(member, intake, input.totalBytes), (cells, number) => {
        if (!header) header = cells
        else if (cells.some((cell) => cell !== '')) {
          const place = { where: () => `${name}!${number}`, raw: () => rowText(cells, ',') }
          reader.take(datumOf(header, cells), place)
        }
      })
      if (intake.interrupted) return []
    }
  }
  return besideWorkbooks(input)
}

/** Headers that are not the field's name in capitalised words. */
const fieldByHeader: Readonly<Record<string, string>> = {
  'Zulu Time': 'time',
  'UTC Time': 'time',
  'Tidepool Data Type': 'type',
  'Tidepool Wizard Type': 'type',
  'Duration (mins)': 'durationMin',
  'Expected Duration (mins)': 'expectedDurationMin',
}
const numeric = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** A row as the datum that it was made from: `Timezone Offset` is `timezoneOffset`; numbers and JSON are parsed. */
function datumOf(header: readonly string[], cells: readonly string[]): JsonObject {
  const entries = header.flatMap((name, column): (readonly [string, unknown])[] => {
    const text = (cells[column] ?? '').trim()
    if (text === '' || name.trim() === '') return []
    return [[fieldOf(name.trim()), cellValue(text)]]
  })
  // `fromEntries` defines own properties and never runs a setter.
  return Object.fromEntries(entries)
}

function fieldOf(header: string): string {
  const known = Object.hasOwn(fieldByHeader, header) ? fieldByHeader[header] : undefined
  if (known !== undefined) return known
  const words = header.split(/\s+/)
  return words
    .map((word, i) =>
      i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join('')
}

function cellValue(text: string): unknown {
  if (numeric.test(text)) return Number(text)
  if (!/^[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    // A text that only begins like JSON.
    return text
  }
}
