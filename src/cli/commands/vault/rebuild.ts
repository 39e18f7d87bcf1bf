/** `vault rebuild`: refolds everything; the digest must not change. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { counted } from '../../present/count.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'vault.rebuild', { dryRun: invocation.flag('dry-run') })
  if (output.format === 'json') return output.json(view)
  const verb = view.dryRun ? 'Would rebuild' : 'Rebuilt'
  output.result(
    `${verb} ${counted(view.observations, 'measurement')} and ${counted(view.entities, 'entry', 'entries')} from the batches`,
  )
  output.result(`digest ${view.digestAfter}, as before`)
}
