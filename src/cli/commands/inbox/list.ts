/** `inbox list`: what came in while locked and is not confirmed yet. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'inbox.list', {})
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson(view.entries)
  if (view.sealed > 0)
    output.note(
      `${counted(view.sealed, 'sealed entry', 'sealed entries')} held back: healthmate inbox accept --all merges them.`,
    )
  if (view.count === 0) return output.note('Nothing waits to be confirmed.')
  const rows = view.entries.map((entry) => [
    entry.at === null ? '' : entry.at.slice(0, 16).replace('T', ' '),
    oneLine(entry.label),
    entry.state,
    oneLine(entry.reason ?? ''),
    entry.id,
  ])
  const columns = [
    { title: 'came in' },
    { title: 'what', flexible: true },
    { title: 'state' },
    { title: 'why', flexible: true },
    { title: 'id' },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
