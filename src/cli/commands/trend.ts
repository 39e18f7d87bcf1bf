/** `trend METRIC`: a sentence for people, the whole verdict for scripts. */
import type { ArgsOf } from '../../app/index.ts'
import { ask } from '../ask.ts'
import { emptyPeriod } from '../empty-period.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

type Method = NonNullable<ArgsOf<'trend'>['method']>

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const method = invocation.text('method')
  const view = await ask(invocation, 'trend', {
    metric: invocation.argument('metric'),
    ...(await daysOf(invocation)),
    ...(method === undefined ? {} : { method: method as Method }),
  })
  if (output.format === 'json') return output.json(view)
  if (view.n === 0) {
    throw emptyPeriod(view.metric, view.newest ?? null)
  }
  output.result(oneLine(view.text))
  if (view.latest)
    output.note(`Latest on ${view.latest.at.slice(0, 10)}. healthmate chart ${view.metric} shows it.`)
  if (output.verbose && view.test) {
    output.detail(`${view.method}, ${view.test.name}: p = ${view.test.p.toPrecision(3)}, n = ${view.n} days`)
  }
}
