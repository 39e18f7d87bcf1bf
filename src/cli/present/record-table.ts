/** Records as a table for people. */
import type { RecordView } from '../../app/index.ts'
import type { Output } from './output.ts'
import { type Column, fitsInColumns, renderTable } from './table.ts'
import { oneLine } from './terminal.ts'

interface RecordColumn extends Column {
  readonly cell: (record: RecordView) => string
  /** Left out when it says nothing: all cells empty, or all the same. */
  readonly optional?: 'empty' | 'uniform'
}

const columns: readonly RecordColumn[] = [
  { title: 'when', cell: ({ at }) => `${at.slice(0, 10)} ${at.slice(11, 16)}` },
  { title: 'metric', flexible: true, cell: ({ name }) => name },
  { title: 'value', align: 'right', cell: (record) => record.text + marks(record) },
  { title: 'note', flexible: true, optional: 'empty', cell: remark },
  { title: 'source', flexible: true, optional: 'uniform', cell: ({ source }) => source },
  { title: 'id', cell: ({ id }) => id },
]

/** One line a record; where the ids do not fit beside the rest, each stands in a line of its own below its record. */
export function recordTable(records: readonly RecordView[], output: Output): string {
  const shown = columns.filter((column) => isTelling(column, records))
  const rows = records.map((record) => shown.map((column) => oneLine(column.cell(record))))
  const options = { width: output.width, style: output.style }
  if (fitsInColumns(shown, rows, output.width)) return renderTable(shown, rows, options)
  const lean = shown.filter((column) => column.title !== 'id')
  const leanRows = rows.map((row) => row.slice(0, lean.length))
  if (!fitsInColumns(lean, leanRows, output.width)) return renderTable(shown, rows, options)
  const [titles = '', ...lines] = renderTable(lean, leanRows, options).split('\n')
  const withIds = lines.flatMap((line, index) => [line, idLine(records[index], output)])
  return [titles, ...withIds].join('\n')
}

function idLine(record: RecordView | undefined, output: Output): string {
  return output.style.dim(`  ${oneLine(record?.id ?? '')}`)
}

function isTelling(column: RecordColumn, records: readonly RecordView[]): boolean {
  if (column.optional === undefined) return true
  const cells = new Set(records.map(column.cell))
  return column.optional === 'empty' ? cells.size > 1 || !cells.has('') : cells.size > 1
}

/** `?` of unconfirmed origin, `*` edited, `!` conflicts with another record of the same time. */
function marks(record: RecordView): string {
  const { flags } = record
  const unconfirmed = flags.includes('unconfirmed') ? ' ?' : ''
  const edited = flags.includes('edited') ? ' *' : ''
  const conflicting = flags.includes('conflicting') ? ' !' : ''
  return unconfirmed + edited + conflicting
}

function remark(record: RecordView): string {
  const tags = record.tags.map((tag) => `#${tag}`).join(' ')
  const context = record.metric === 'symptom' ? null : record.context
  return [context, record.note, tags].filter((part) => part !== null && part !== '').join(' · ')
}
