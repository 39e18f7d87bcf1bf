/** `models list`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { noForecasts, share, trialCells, trialColumns } from './columns.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'models', { action: 'list' })
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson(view.models)
  if (view.count === 0) return output.note(noForecasts)
  const rows = view.models.map((one) => [
    one.series,
    `${one.model}${one.pinned ? ' (pinned)' : ''}`,
    one.since,
    ...trialCells(one.trials),
    one.trials === null ? '' : share(one.trials.coverage80),
    String(one.forecasts),
  ])
  const columns = [
    { title: 'series' },
    { title: 'model', flexible: true },
    { title: 'since' },
    ...trialColumns,
    { title: 'in 80 %', align: 'right' as const },
    { title: 'kept', align: 'right' as const },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
