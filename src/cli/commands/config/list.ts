/** `config list`: every setting with its value, its origin and what it does. */
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const settings = setupOf(invocation).config.entries()
  if (output.format === 'json') output.json({ settings, count: settings.length })
  else if (output.format === 'ndjson') output.ndjson(settings)
  else {
    const rows = settings.map(({ key, value, origin, help }) => [key, oneLine(value), origin, help])
    const columns = [
      { title: 'setting' },
      { title: 'value', flexible: true },
      { title: 'origin' },
      { title: 'what it does', flexible: true, wraps: true },
    ]
    output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
  }
}
