/** Reads the tables of an input by a mapping. Lines before the header are passed over and counted in a note. */
import { Failure } from '../../foundation/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { columnAt } from '../delimited/table-plan.ts'
import { TableReader } from '../delimited/table-reader.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import type { Place } from '../measurements.ts'
import { memberChunks, memberLabel } from '../member-chunks.ts'
import { stops } from '../whole-member.ts'
import { openWorkbook, readSheet } from '../xlsx/workbook.ts'
import { besideWorkbooks, workbooksIn } from '../xlsx/workbooks-in.ts'
import type { TableMapping } from './mapping.ts'
import { hasColumns, namedColumns, planOf } from './plan.ts'

/** A table without the header is told; it stops the import only when no other has it. */
export async function readTables(input: OpenedInput, intake: Intake, mapping: TableMapping): Promise<void> {
  const tables: MappedTable[] = []
  for (const members of workbooksIn(input)) {
    tables.push(...(await readWorkbook(members, input.totalBytes, intake, mapping)))
    if (intake.interrupted) return
  }
  for (const member of besideWorkbooks(input)) {
    const label = memberLabel(member.name)
    const table = new MappedTable(intake, mapping, label)
    await readRows(
      member,
      intake,
      input.totalBytes,
      (cells, line, delimiter) =>
        table.take(cells, line, { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) }),
      mapping.delimiter === undefined ? {} : { delimiter: mapping.delimiter },
    )
    if (intake.interrupted || stops(intake)) return
    table.end()
    tables.push(table)
  }
  const without = tables.filter(({ hasHeader }) => !hasHeader)
  if (without.length === tables.length) throw noHeader(without[0], mapping)
  for (const table of without) {
    const { message, code } = noHeader(table, mapping)
    intake.complain({ where: table.label, reason: message, raw: '', code })
  }
}

function noHeader(table: MappedTable | undefined, mapping: TableMapping): Failure {
  const seen = table?.firstRow ?? []
  const missing = namedColumns(mapping).filter((name) => columnAt(seen, name) < 0)
  return new Failure(
    'REFUSED_INPUT',
    `${table?.label ?? 'the input'} has no header with the columns of the mapping`,
    {
      hint: `Not found: ${[...new Set(missing)].join(', ').slice(0, 200)}.`,
    },
  )
}

/** Rows at the beginning of a table in which its header may stand. */
export const headerRows = 64

/** Whether rows at the beginning of a table are the header that a mapping means. */
export function isTableOf(rows: readonly (readonly string[])[], mapping: TableMapping): boolean {
  return rows.slice(0, headerRows).some((row) => hasColumns(row, mapping))
}

/** Whether a workbook has a sheet with the columns of a mapping, to judge by the beginning of each. */
export async function isWorkbookOf(members: readonly InputMember[], mapping: TableMapping): Promise<boolean> {
  const workbook = await openWorkbook(members)
  for (const { name, member } of workbook.sheets) {
    if (mapping.sheet !== undefined && mapping.sheet !== name) continue
    const rows: (readonly string[])[] = []
    await readSheet(workbook, headOf(member), (cells) => {
      rows.push(cells)
    })
    if (isTableOf(rows, mapping)) return true
  }
  return false
}

async function* headOf(member: InputMember): AsyncGenerator<Uint8Array> {
  yield await member.head()
}

async function readWorkbook(
  members: readonly InputMember[],
  totalBytes: number | null,
  intake: Intake,
  mapping: TableMapping,
): Promise<MappedTable[]> {
  const workbook = await openWorkbook(members)
  const wanted = mapping.sheet
  const sheets =
    wanted === undefined ? workbook.sheets : workbook.sheets.filter(({ name }) => name === wanted)
  if (wanted !== undefined && sheets.length === 0) {
    throw new Failure('USAGE', `the workbook has no sheet "${wanted.slice(0, 60)}"`, {
      hint: `Its sheets: ${workbook.sheets
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 200)}.`,
    })
  }
  const tables: MappedTable[] = []
  for (const { name, member } of sheets) {
    const table = new MappedTable(intake, mapping, name)
    await readSheet(workbook, memberChunks(member, intake, totalBytes), (cells, number, numeric) =>
      table.take(
        cells,
        number,
        { where: () => `${name}!${number}`, raw: () => rowText(cells, ',') },
        numeric,
      ),
    )
    if (intake.interrupted) break
    table.end()
    tables.push(table)
  }
  return tables
}

class MappedTable {
  readonly label: string
  /** The first row that is not blank. */
  firstRow: readonly string[] = []
  readonly #intake: Intake
  readonly #mapping: TableMapping
  #reader: TableReader | undefined
  #before = 0

  constructor(intake: Intake, mapping: TableMapping, label: string) {
    this.#intake = intake
    this.#mapping = mapping
    this.label = label
  }

  get hasHeader(): boolean {
    return this.#reader !== undefined
  }

  take(cells: readonly string[], line: number, place: Place, numeric?: readonly boolean[]): void {
    if (this.#reader) {
      this.#reader.take(cells, place, numeric)
      return
    }
    const { headerRow } = this.#mapping
    if (headerRow === undefined ? hasColumns(cells, this.#mapping) : line >= headerRow) {
      this.#reader = new TableReader(this.#intake, planOf(this.#mapping, cells, this.#intake))
      return
    }
    if (cells.every((cell) => cell.trim() === '')) return
    if (this.#before++ === 0) this.firstRow = cells
  }

  end(): void {
    if (!this.#reader) return
    this.#reader.end()
    if (this.#before > 0) {
      this.#intake.note(`${this.label}: lines before the table's header were passed over`, this.#before)
    }
  }
}
