/** `goal set`. */
import type { GoalDirection } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { dayFrom } from '../../when.ts'
import { presentGoals } from './list.ts'

export async function run(invocation: Invocation): Promise<void> {
  const by = invocation.text('by')
  const note = invocation.text('note')
  const direction = invocation.text('direction')
  const view = await ask(invocation, 'goal', {
    action: 'set',
    metric: invocation.argument('metric'),
    target: invocation.arguments('target').join(' '),
    ...(direction === undefined ? {} : { direction: direction as GoalDirection }),
    ...(by === undefined ? {} : { byDay: await dayFrom(invocation, by) }),
    ...(note === undefined ? {} : { note }),
  })
  presentGoals(invocation, view)
}
