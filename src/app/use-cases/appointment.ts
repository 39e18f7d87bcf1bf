/** `appointment`: visits, with whom and where. */
import { bytesToHex, Failure, formatInstant } from '../../foundation/index.ts'
import type { Entity, JsonValue } from '../../records/index.ts'
import { removeEntity, writeFields } from '../entity-fields.ts'
import type { UseCase } from '../use-case.ts'

export interface AppointmentArgs {
  readonly action: 'add' | 'list' | 'rm'
  readonly title?: string
  readonly atMs?: number
  readonly offsetMin?: number
  readonly withWhom?: string
  readonly where?: string
  readonly note?: string
  readonly id?: string
}

export interface AppointmentView {
  readonly id: string
  readonly title: string
  readonly at: string
  readonly with: string | null
  readonly where: string | null
  readonly note: string | null
}

export const appointmentUseCase: UseCase<
  AppointmentArgs,
  { readonly appointments: readonly AppointmentView[]; readonly count: number }
> = {
  name: 'appointment',
  scope: 'read',
  async run(context, args) {
    if (args.action === 'add') {
      if (args.title === undefined || args.atMs === undefined) {
        throw new Failure('USAGE', 'an appointment needs a title and a time', {
          hint: 'healthmate appointment add "Cardiology" --at "2026-12-01 10:30"',
        })
      }
      writeFields(context, 'appointment', bytesToHex(context.random.bytes(5)), 'add an appointment', {
        title: args.title,
        atMs: args.atMs,
        offsetMin: args.offsetMin ?? 0,
        with: args.withWhom ?? null,
        where: args.where ?? null,
        note: args.note ?? null,
      })
    }
    if (args.action === 'rm')
      removeEntity(context, 'appointment', args.id ?? '', 'healthmate appointment list')
    const appointments = context
      .vault()
      .entities('appointment')
      .toSorted((a, b) => Number(a.fields['atMs']) - Number(b.fields['atMs']))
      .map(appointmentView)
    return { appointments, count: appointments.length }
  },
}

function appointmentView(entity: Entity): AppointmentView {
  const { fields } = entity
  return {
    id: entity.id,
    title: String(fields['title']),
    at: formatInstant(Number(fields['atMs']), Number(fields['offsetMin'] ?? 0)),
    with: textOrNull(fields['with']),
    where: textOrNull(fields['where']),
    note: textOrNull(fields['note']),
  }
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
