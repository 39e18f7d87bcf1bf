/** Records as a table for people. */
import type { RecordView } from '../../app/index.ts'
import type { Output } from './output.ts'
import { type Column, renderTable } from './table.ts'
import { oneLine } from './terminal.ts'

const columns: readonly Column[] = [
  { title: 'when' },
  { title: 'metric', flexible: true },
  { title: 'value', align: 'right' },
  { title: 'note', flexible: true },
  { title: 'source', flexible: true },
  { title: 'id' },
]

export function recordTable(records: readonly RecordView[], output: Output): string {
  const rows = records.map((record) => [
    `${record.at.slice(0, 10)} ${record.at.slice(11, 16)}`,
    oneLine(record.name),
    oneLine(record.text) + marks(record),
    oneLine(remark(record)),
    oneLine(record.source),
    oneLine(record.id),
  ])
  return renderTable(columns, rows, { width: output.width, style: output.style })
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
  return [record.context, record.note, tags].filter((part) => part !== null && part !== '').join(' · ')
}
