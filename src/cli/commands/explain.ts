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
    span(one.from, one.to),
    oneLine(one.source),
    one.text,
    share(one),
    oneLine(one.by ?? ''),
  ])
  const columns = [
    { title: 'time' },
    { title: 'source', flexible: true },
    { title: 'value', align: 'right' as const },
    { title: 'counts' },
    ...(view.intervals.some((one) => one.by !== null)
      ? [{ title: 'the rest is covered by', flexible: true }]
      : []),
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}

function span(from: string, to: string): string {
  return from === to ? from.slice(11, 16) : `${from.slice(11, 16)}–${to.slice(11, 16)}`
}

function share({ verdict, share }: { readonly verdict: string; readonly share: number }): string {
  if (verdict === 'kept') return share === 1 ? 'all' : `${Math.round(share * 100)} %, the rest on another day`
  if (verdict === 'partly_covered') return `${Math.round(share * 100)} %`
  if (verdict === 'superseded') return 'no, corrected later'
  return verdict === 'copy' ? 'no, a copy' : 'no'
}
