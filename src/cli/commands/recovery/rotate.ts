/** `recovery rotate`: a new recovery code; the old one ends. */
import { rotateVaultRecovery } from '../../../app/index.ts'
import { sessionOf } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { confirm } from '../../prompt/confirm.ts'
import { presentRecoveryCode } from '../init.ts'

export async function run(invocation: Invocation): Promise<void> {
  await confirm(invocation, 'Make a new recovery code? The old one will open nothing any more.')
  const { recoveryCode } = await rotateVaultRecovery(sessionOf(invocation))
  if (invocation.output.format === 'json') return invocation.output.json({ recoveryCode })
  presentRecoveryCode(invocation, recoveryCode)
}
