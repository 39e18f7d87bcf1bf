/** `key keychain remove`: the keychain of this computer opens the vault no more. */
import { removeVaultKeychain } from '../../../../app/index.ts'
import { sessionOf } from '../../../ask.ts'
import type { Invocation } from '../../../invocation.ts'
import { oneLine } from '../../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { purge, keychainFault } = await removeVaultKeychain(sessionOf(invocation))
  if (keychainFault !== undefined) {
    output.warn(
      oneLine(`a key that opens nothing any more may have stayed in the keychain: ${keychainFault}`),
    )
  }
  if (output.format === 'json') return output.json({ enrolled: false, purge })
  output.note('The keychain does not open the vault any more, except older copies of the file.')
  if (purge === 'pending') {
    output.warn('another program is reading the vault; traces of the key slot go with the next vault compact')
  }
}
