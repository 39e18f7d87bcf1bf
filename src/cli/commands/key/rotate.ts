/** `key rotate`: a new root key under everything. */
import { rotateVaultKeys } from '../../../app/index.ts'
import { sessionOf } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { confirm } from '../../prompt/confirm.ts'
import { presentRecoveryCode } from '../init.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  await confirm(
    invocation,
    'Replace the root key? A running agent is locked, and a new recovery code is made.',
  )
  const { recoveryCode, keychainFault } = await rotateVaultKeys(sessionOf(invocation))
  if (keychainFault !== undefined) {
    output.warn(
      oneLine(
        `the vault is no longer enrolled: ${keychainFault}; enrol it again: healthmate key keychain enrol`,
      ),
    )
  }
  if (output.format === 'json') return output.json({ rotated: true, recoveryCode: recoveryCode ?? null })
  output.note('The vault has a new root key; the passphrase stays the same.')
  if (recoveryCode !== undefined) presentRecoveryCode(invocation, recoveryCode)
}
