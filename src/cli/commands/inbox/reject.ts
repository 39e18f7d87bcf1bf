import type { Invocation } from '../../invocation.ts'
import { confirm } from '../../prompt/confirm.ts'
import { decide } from './decide.ts'

export async function run(invocation: Invocation): Promise<void> {
  await confirm(invocation, 'Remove what came in while the vault was locked?')
  await decide(invocation, 'reject')
}
