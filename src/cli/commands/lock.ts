/** `lock`: ends the unlock agent. Locking what is locked is done, not failed. */
import { findAgent, isEnrolledInKeychain, type Paths } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { paths, vaultPath } = setupOf(invocation)
  const agent = await findAgent(paths, vaultPath)
  await agent?.lock()
  const keychainEnrolled = isEnrolled(paths, vaultPath)
  if (output.format === 'json') {
    return output.json({ locked: true, wasUnlocked: agent !== undefined, keychainEnrolled })
  }
  output.note(agent ? 'Locked: the agent has forgotten the keys.' : 'The vault was locked already.')
  if (keychainEnrolled) {
    output.note('The keychain of the system still opens it: lock that too, or healthmate key keychain remove')
  }
}

/** Locking is done whatever state the vault's file is in. */
function isEnrolled(paths: Paths, vaultPath: string): boolean {
  try {
    return isEnrolledInKeychain(paths, vaultPath)
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}
