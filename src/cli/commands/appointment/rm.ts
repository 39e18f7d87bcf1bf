/** `appointment rm`. */
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { confirm } from '../../prompt/confirm.ts'
import { presentAppointments } from './list.ts'

export async function run(invocation: Invocation): Promise<void> {
  const id = invocation.argument('id')
  await confirm(invocation, `Remove appointment ${id.slice(0, 40)}?`)
  presentAppointments(invocation, await ask(invocation, 'appointment', { action: 'rm', id }))
}
