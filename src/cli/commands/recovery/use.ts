/** `recovery use`: opens the vault with the recovery code and sets a new passphrase. */
import { passphraseFromFile, recoverVault } from '../../../app/index.ts'
import { Failure, type Redacted } from '../../../foundation/index.ts'
import { sessionOf } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { newPassphrase } from '../init.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const code = await recoveryCode(invocation)
  await recoverVault(sessionOf(invocation), code, () => newPassphrase(invocation))
  if (output.format === 'json') return output.json({ recovered: true })
  output.note(
    'The vault has a new passphrase. The recovery code stays valid: healthmate recovery rotate makes a new one.',
  )
}

async function recoveryCode(invocation: Invocation): Promise<Redacted> {
  const file = invocation.text('code-file')
  if (file !== undefined) return passphraseFromFile(file)
  if (invocation.interactive) {
    const { askPassphrase } = await import('../../prompt/passphrase.ts')
    return askPassphrase('Recovery code:')
  }
  throw new Failure('VAULT_LOCKED', 'the recovery code cannot be asked for here', {
    hint: 'healthmate recovery use --code-file FILE --new-passphrase-file FILE',
  })
}
