/** `key keychain status`: whether the vault is enrolled in the keychain, and whether that opens it. */
import { keychainFinding } from '../../../../app/index.ts'
import { sessionOf } from '../../../ask.ts'
import type { Invocation } from '../../../invocation.ts'
import { oneLine } from '../../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const { state, why } = await keychainFinding(sessionOf(invocation))
  if (output.format === 'json') {
    return output.json({ enrolled: state !== 'not-enrolled', opens: state === 'opens', state, why })
  }
  output.result(oneLine(why))
  if (state === 'not-enrolled') output.note('To enrol it: healthmate key keychain enrol')
}
