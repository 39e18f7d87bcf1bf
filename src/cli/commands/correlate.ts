/** `correlate A B`: a sentence a pair for people, every lag for scripts. */
import { ask } from '../ask.ts'
import { emptyPeriod } from '../empty-period.ts'
import type { Invocation } from '../invocation.ts'
import { renderTable } from '../present/table.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const lag = invocation.count('lag', -365)
  const first = invocation.argument('first')
  const second = invocation.argument('second')
  const view = await ask(invocation, 'correlate', {
    first,
    second,
    ...(await daysOf(invocation)),
    ...(lag === undefined ? {} : { lag }),
  })
  if (output.format === 'json') return output.json(view)
  for (const { n } of view.results) {
    if (n[0] === 0) throw emptyPeriod(first, null)
    if (n[1] === 0) throw emptyPeriod(second, null)
  }
  for (const one of view.results) {
    output.result(oneLine(one.text))
    if (!output.verbose || one.lags.length < 2) continue
    const rows = one.lags.map((at) => [
      String(at.lag),
      String(at.n),
      at.rho.toFixed(2),
      `${at.ci95[0].toFixed(2)} to ${at.ci95[1].toFixed(2)}`,
      at.q.toPrecision(2),
    ])
    const columns = ['lag in days', 'pairs', 'correlation', '95 % interval', 'q'].map((title) => ({
      title,
      align: 'right' as const,
    }))
    output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
  }
}
