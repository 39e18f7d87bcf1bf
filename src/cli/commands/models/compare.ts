/** `models compare METRIC`: all models on the same days of the past. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { share, trialCells, trialColumns } from './columns.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'models.compare', { metric: invocation.argument('metric') })
  if (output.format === 'json') return output.json(view)
  for (const { series, from, to, models, pinned } of view.comparisons) {
    if (from === null || to === null) {
      output.result(`${series}: too few recent values to try models on.`)
      continue
    }
    output.result(output.style.strong(`${series}, ${from} to ${to}`))
    const rows = models.map((one) => [
      one.model,
      ...trialCells(one.trial),
      one.trial === null ? '' : share(one.trial.coverage80),
      one.trial === null ? '' : share(one.trial.coverage95),
      one.isChampion ? `forecasts now${pinned ? ', pinned' : ''}` : against(one.difference, one.p),
    ])
    const columns = [
      { title: 'model' },
      ...trialColumns,
      { title: 'in 80 %', align: 'right' as const },
      { title: 'in 95 %', align: 'right' as const },
      { title: 'against it' },
    ]
    output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
    const better = models.find(({ isBetter }) => isBetter)
    if (better !== undefined && !pinned)
      output.note(`${better.model} is better; the next forecast of ${series} takes it.`)
  }
}

function against(difference: number | null, p: number | null): string {
  if (difference === null) return ''
  const size = Math.abs(100 * difference).toFixed(0)
  const percent = size === '0' ? 'as good' : `${size} % ${difference < 0 ? 'better' : 'worse'}`
  return p === null ? percent : `${percent}, p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`
}
