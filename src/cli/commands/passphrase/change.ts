/** `passphrase change`. */
import { changeVaultPassphrase } from '../../../app/index.ts'
import { sessionOf } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { newPassphrase } from '../init.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const outcome = await changeVaultPassphrase(sessionOf(invocation), () => newPassphrase(invocation))
  if (output.format === 'json') return output.json({ changed: true, purge: outcome.purge })
  output.note(
    'The passphrase is changed. The old one opens nothing any more, except in older copies of the file.',
  )
  if (outcome.purge === 'pending') {
    output.warn(
      'another program is reading the vault; traces of the old key slot go with the next vault compact',
    )
  }
}
