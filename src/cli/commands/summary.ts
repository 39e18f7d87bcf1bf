/** `summary`: one table a category. */
import type { ViewOf } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { renderTable } from '../present/table.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

type Row = ViewOf<'summary'>['groups'][number]['metrics'][number]

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const compare = invocation.flag('compare')
  const view = await ask(invocation, 'summary', { ...(await daysOf(invocation)), compare })
  if (output.format === 'json') return output.json(view)
  if (view.count === 0) throw nothingThere(view)
  output.result(output.style.strong(`${view.from} to ${view.to}`))
  const columns = [
    { title: '', flexible: true },
    { title: 'days' },
    { title: 'mean', align: 'right' as const },
    ...(compare
      ? [{ title: 'against before', flexible: true, wraps: true }]
      : [
          { title: 'range', align: 'right' as const },
          { title: 'latest', align: 'right' as const },
        ]),
  ]
  const rowOf = (one: Row): string[] => [
    `  ${oneLine(one.name)}`,
    `${one.daysWithData}/${one.days}`,
    one.text.perDay,
    ...(compare ? [one.text.comparison] : [one.text.range, one.text.latest]),
  ]
  const rows = view.groups.flatMap(({ category, metrics }) => [
    [output.style.strong(oneLine(category))],
    ...metrics.map(rowOf),
  ])
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}

function nothingThere(view: ViewOf<'summary'>): Failure {
  const message = `there is nothing from ${view.from} to ${view.to}`
  if (view.newest === null) return new Failure('NOT_FOUND', message, { hint: 'healthmate log bp 128/82' })
  return new Failure('NOT_FOUND', `${message}; the newest records are of ${view.newest.to}`, {
    hint: `healthmate summary --from ${view.newest.from} --to ${view.newest.to}`,
  })
}
