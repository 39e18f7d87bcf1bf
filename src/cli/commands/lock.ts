/** `lock`: ends the unlock agent. Locking what is locked is done, not failed. */
import { findAgent } from '../../app/index.ts'
import type { Invocation } from '../invocation.ts'
import { setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const agent = await findAgent(paths, vaultPath)
  await agent?.lock()
  if (output.format === 'json') output.json({ locked: true, wasUnlocked: agent !== undefined })
  else output.note(agent ? 'Locked: the agent has forgotten the keys.' : 'The vault was locked already.')
}
