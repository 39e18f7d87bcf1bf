/** `profile set`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { presentProfile } from './show.ts'

export async function run(invocation: Invocation): Promise<void> {
  const value = invocation.argument('value')
  const facts = { [invocation.argument('field')]: value === '' ? null : value }
  presentProfile(invocation, await ask(invocation, 'profile', { action: 'set', facts }))
}
