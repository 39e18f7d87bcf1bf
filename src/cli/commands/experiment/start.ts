/** `experiment start NAME`: writes the plan down, and shows the calendar to live by. */
import type { ArgsOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { dayFrom } from '../../when.ts'

type Args = ArgsOf<'experiment'>

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const text = (name: string) => invocation.text(name)
  const optional = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value })
  const from = text('from')
  const view = await ask(invocation, 'experiment', {
    action: 'start',
    name: invocation.argument('name'),
    ...optional('outcome', text('outcome')),
    ...optional('design', text('design') as Args['design']),
    ...optional('expected', text('expect') as Args['expected']),
    ...optional('blockDays', invocation.count('days', 1)),
    ...optional('washoutDays', invocation.count('washout')),
    ...optional('cycles', invocation.count('cycles', 1)),
    ...optional('startDay', from === undefined ? undefined : await dayFrom(invocation, from)),
    ...optional('note', text('note')),
  })
  if (output.format === 'json') return output.json(view)
  for (const one of view.experiments) {
    output.result(`${oneLine(one.name)}: the outcome is ${one.outcome}, until ${one.end}.`)
    for (const { arm, from: first, to } of one.blocks)
      output.result(`  ${first} to ${to}  ${arm === 'A' ? 'without' : 'with'} the change`)
    output.note(
      `healthmate experiment report "${oneLine(one.name)}" tells how it stands; the plan is fixed now.`,
    )
  }
}
