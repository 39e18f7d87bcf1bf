/** `experiment rm NAME`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { confirm } from '../../prompt/confirm.ts'

export async function run(invocation: Invocation): Promise<void> {
  const name = invocation.argument('name')
  await confirm(invocation, `Remove the experiment ${name.slice(0, 60)} and its plan?`)
  const view = await ask(invocation, 'experiment', { action: 'rm', name })
  if (invocation.output.format === 'json') invocation.output.json(view)
  else invocation.output.note('Removed; healthmate undo takes it back.')
}
