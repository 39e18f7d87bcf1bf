/** `appointment add`. */
import { Failure } from '../../../foundation/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { whenOf } from '../../when.ts'
import { presentAppointments } from './list.ts'

export async function run(invocation: Invocation): Promise<void> {
  if (invocation.text('at') === undefined) {
    throw new Failure('USAGE', 'when is the appointment?', {
      hint: 'healthmate appointment add "Blood test" --at "2026-12-01 10:30"',
    })
  }
  const when = await whenOf(invocation, 'at')
  const withWhom = invocation.text('with')
  const where = invocation.text('where')
  const note = invocation.text('note')
  const view = await ask(invocation, 'appointment', {
    action: 'add',
    title: invocation.argument('title'),
    atMs: when.ms,
    offsetMin: when.offsetMin,
    ...(withWhom === undefined ? {} : { withWhom }),
    ...(where === undefined ? {} : { where }),
    ...(note === undefined ? {} : { note }),
  })
  presentAppointments(invocation, view)
}
