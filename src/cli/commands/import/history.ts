/** `import history`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'import.history', {})
  const imports = view.imports.slice(-(invocation.count('limit', 1) ?? 20))
  if (output.format === 'json') return output.json({ imports, count: imports.length })
  if (output.format === 'ndjson') return output.ndjson(imports)
  if (imports.length === 0)
    return output.note('Nothing was imported yet: healthmate import apple-health export.zip.')
  const rows = imports.map((one) => [
    one.at.slice(0, 16).replace('T', ' '),
    oneLine(one.files.join(', ')),
    counted(one.report, 'imported'),
    counted(one.report, 'duplicates'),
    counted(one.report, 'refused'),
    one.state,
    one.id,
  ])
  const columns = [
    { title: 'when' },
    { title: 'file', flexible: true },
    { title: 'imported', align: 'right' as const },
    { title: 'already there', align: 'right' as const },
    { title: 'refused', align: 'right' as const },
    { title: 'state' },
    { title: 'id' },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}

function counted(report: unknown, key: string): string {
  const value =
    typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[key] : undefined
  return typeof value === 'number' ? value.toLocaleString('en-US') : ''
}
