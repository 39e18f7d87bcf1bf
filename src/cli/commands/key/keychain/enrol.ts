/** `key keychain enrol`: lets the keychain of this computer open the vault. */
import { enrolVaultKeychain } from '../../../../app/index.ts'
import { sessionOf } from '../../../ask.ts'
import type { Invocation } from '../../../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  await enrolVaultKeychain(sessionOf(invocation))
  if (output.format === 'json') return output.json({ enrolled: true })
  output.note(
    'The keychain of this computer opens the vault now, whenever it is unlocked itself. It holds a random key, not the passphrase.',
  )
  output.note('Exporting and changing keys still ask for the passphrase.')
}
