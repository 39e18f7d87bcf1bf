/** `models scores [METRIC]`: forecasts that were made against what happened. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'
import { renderTable } from '../../present/table.ts'
import { noForecasts, score, share } from './columns.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const metric = invocation.optionalArgument('metric')
  const view = await ask(invocation, 'models.scores', metric === undefined ? {} : { metric })
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson(view.scores)
  if (view.count === 0) return output.note(noForecasts)
  const rows = view.scores.flatMap(({ series, models }) =>
    models.flatMap(({ model, byLead, ...whole }) => [
      [series, model, 'all', ...cells(whole)],
      ...byLead.map((lead) => [
        series,
        model,
        lead.toLead > 365 ? `${lead.fromLead} and later` : `${lead.fromLead} to ${lead.toLead}`,
        ...cells(lead),
      ]),
    ]),
  )
  if (rows.length > 0) {
    const number = (title: string) => ({ title, align: 'right' as const })
    const columns = [
      { title: 'series' },
      { title: 'model' },
      { title: 'days ahead' },
      ...['forecasts', 'days', 'MASE', 'sCRPS', 'in 80 %', 'in 95 %'].map(number),
    ]
    output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
  }
  for (const { series, forecasts, waiting } of view.scores)
    if (waiting > 0)
      output.note(`${series}: ${waiting} of ${counted(forecasts, 'forecast')} kept cannot be scored yet.`)
}

interface Scores {
  readonly forecasts: number
  readonly days: number
  readonly mase: number
  readonly scaledCrps: number
  readonly coverage80: number
  readonly coverage95: number
}

function cells({ forecasts, days, mase, scaledCrps, coverage80, coverage95 }: Scores): readonly string[] {
  return [
    String(forecasts),
    String(days),
    score(mase),
    score(scaledCrps),
    share(coverage80),
    share(coverage95),
  ]
}
