/** `vault scrub`: authenticates every byte. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentDamage } from './check.ts'

export async function run(invocation: Invocation): Promise<number> {
  const view = await ask(invocation, 'vault.scrub', { repair: invocation.flag('repair') })
  const code = presentDamage(invocation, view, 'healthmate vault scrub --repair, or restore a backup')
  if (!view.repaired) return code
  invocation.output.note('All of it was derived state and is rebuilt from the batches; nothing is lost.')
  return 0
}
