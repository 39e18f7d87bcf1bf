/** `appointment list`. */
import type { ViewOf } from '../../../app/index.ts'
import { ask } from '../../ask.ts'
import type { Invocation } from '../../invocation.ts'
import { renderTable } from '../../present/table.ts'
import { oneLine } from '../../present/terminal.ts'

export async function run(invocation: Invocation): Promise<void> {
  presentAppointments(invocation, await ask(invocation, 'appointment', { action: 'list' }))
}

export function presentAppointments(invocation: Invocation, view: ViewOf<'appointment'>): void {
  const { output } = invocation
  if (output.format === 'json') {
    output.json(view)
    return
  }
  if (output.format === 'ndjson') {
    output.ndjson(view.appointments)
    return
  }
  if (view.count === 0) {
    output.note('No appointments: healthmate appointment add "Cardiology" --at "…".')
    return
  }
  const rows = view.appointments.map((one) => [
    `${one.at.slice(0, 10)} ${one.at.slice(11, 16)}`,
    oneLine(one.title),
    oneLine(one.with ?? ''),
    oneLine(one.where ?? ''),
    oneLine(one.note ?? ''),
    one.id,
  ])
  const columns = [
    { title: 'when' },
    { title: 'what', flexible: true },
    { title: 'with', flexible: true },
    { title: 'where', flexible: true },
    { title: 'note', flexible: true },
    { title: 'id' },
  ]
  output.result(renderTable(columns, rows, { width: output.width, style: output.style }))
}
