/** `goal list`: every target and where the latest value stands. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  presentGoals(invocation, await ask(invocation, 'goal', { action: 'list' }))
}

export function presentGoals(invocation: Invocation, view: ViewOf<'goal'>): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  if (output.format === 'ndjson') {
    output.ndjson(view.goals)
    return
  }
  if (view.count === 0) {
    output.note('No goals yet: healthmate goal set weight 78kg.')
    return
  }
  const rows = view.goals.map((goal) => [
    oneLine(goal.name),
    oneLine(goal.text),
    goal.latest ? `${oneLine(goal.latest.text)} on ${goal.latest.at.slice(0, 10)}` : 'no value yet',
    goal.latest ? (goal.latest.reached ? 'reached' : 'not yet') : '',
    oneLine(goal.note ?? ''),
  ])
  const columns = [
    { title: 'metric', flexible: true },
    { title: 'goal' },
    { title: 'latest' },
    { title: 'state' },
    { title: 'note', flexible: true },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
