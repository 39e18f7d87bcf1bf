/** `goal rm`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { confirm } from '../../prompt/confirm.ts'
import { presentGoals } from './list.ts'

export async function run(invocation: Invocation): Promise<void> {
  const metric = invocation.argument('metric')
  await confirm(invocation, `Remove the goal for ${metric.slice(0, 40)}?`)
  presentGoals(invocation, await ask(invocation, 'goal', { action: 'rm', metric }))
}
