/** `models show METRIC`: the model of a series, what it was fitted on, and those before it. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'
import { trialCells, trialColumns } from './columns.ts'

export async function run(invocation: Invocation): Promise<void> {
  presentModels(
    invocation,
    await ask(invocation, 'models', { action: 'show', metric: invocation.argument('metric') }),
  )
}

const reasons = {
  first: 'the first',
  backtest: 'better in trials',
  pinned: 'your choice',
  rolled_back: 'rolled back to',
} as const

export function presentModels(invocation: Invocation, view: ViewOf<'models'>): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  for (const one of view.models) {
    const { series, model, version, since, pinned, form, from, to, n, newestForecast } = one
    output.result(output.style.strong(series))
    output.result(
      `  ${model}, version ${version} since ${since}${pinned ? ', pinned: nothing replaces it' : ''}`,
    )
    if (form !== null && from !== null && to !== null)
      output.result(`  as ${oneLine(form)}, from ${n} days with a value, ${from} to ${to}`)
    if (newestForecast !== null)
      output.result(`  ${counted(one.forecasts, 'forecast')} kept, the newest from ${newestForecast} on`)
    const rows = [...one.versions]
      .reverse()
      .map((version) => [
        String(version.version),
        version.model,
        version.since,
        reasons[version.reason],
        ...trialCells(version.trials),
      ])
    const columns = [
      { title: 'version', align: 'right' as const },
      { title: 'model' },
      { title: 'since' },
      { title: 'why', flexible: true },
      ...trialColumns,
    ]
    output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
  }
}
