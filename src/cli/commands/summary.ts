/** `summary`: one table a category. */
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { renderTable } from '../present/table.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const compare = invocation.flag('compare')
  const view = await ask(invocation, 'summary', { ...(await daysOf(invocation)), compare })
  if (output.format === 'json') return output.json(view)
  if (view.count === 0) {
    throw new Failure('NOT_FOUND', `there is nothing from ${view.from} to ${view.to}`, {
      hint: 'healthmate summary --last 1y',
    })
  }
  output.result(output.style.strong(`${view.from} to ${view.to}`))
  const columns = [
    { title: '', flexible: true },
    { title: 'days' },
    { title: 'mean', align: 'right' as const },
    { title: 'range', align: 'right' as const },
    { title: 'latest', align: 'right' as const },
    ...(compare ? [{ title: 'against before', flexible: true }] : []),
  ]
  const rows = view.groups.flatMap(({ category, metrics }) => [
    [output.style.strong(oneLine(category))],
    ...metrics.map((one) => [
      `  ${oneLine(one.name)}`,
      `${one.daysWithData}/${one.days}`,
      one.text.perDay,
      one.text.range,
      one.text.latest,
      ...(compare ? [one.text.comparison] : []),
    ]),
  ])
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
