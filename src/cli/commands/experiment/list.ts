/** `experiment list`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'experiment', { action: 'list' })
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson(view.experiments)
  if (view.count === 0) {
    return output.note(
      'No experiments yet: healthmate experiment start "no coffee" --outcome resting_heart_rate',
    )
  }
  const rows = view.experiments.map((one) => [
    oneLine(one.name),
    one.outcome,
    one.design,
    `${one.start} to ${one.end}`,
    one.report.state,
    one.report.verdict,
  ])
  const columns = [
    { title: 'experiment', flexible: true },
    { title: 'outcome' },
    { title: 'design' },
    { title: 'days' },
    { title: 'state' },
    { title: 'verdict' },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
