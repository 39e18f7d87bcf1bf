/** `explain`: what made up the value of a day, and what was left out and why. */
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { renderTable } from '../present/table.ts'
import { oneLine } from '../present/terminal.ts'
import { dayFrom } from '../when.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const day = await dayFrom(invocation, invocation.argument('day'))
  const view = await ask(invocation, 'explain', { metric: invocation.argument('metric'), day })
  if (output.format === 'json') return output.json(view)
  output.result(`${output.style.strong(`${view.name}, ${view.day}: ${view.text}`)} (${view.rule})`)
  const rows = view.intervals.map((one) => [
    `${one.from.slice(11, 16)}–${one.to.slice(11, 16)}`,
    oneLine(one.source),
    one.text,
    one.verdict,
    oneLine(one.reason),
  ])
  const columns = [
    { title: 'time' },
    { title: 'source', flexible: true },
    { title: 'value', align: 'right' as const },
    { title: 'verdict' },
    { title: 'why', flexible: true },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
