/**
 * openScale's database (Room schemas of the app's source). Up to schema 6 a row of scaleMeasurements is a weighing, in
 * kilograms, centimetres and percent, 0 for what was not measured. From schema 7 a weighing is a Measurement with a
 * MeasurementValue for each type, in the unit that the type has. Every value with a metric is a source record.
 */
import { minuteMs } from '../../foundation/index.ts'
import { type Extra, normaliseSource } from '../../records/index.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { type ExportDatabase, type Row, readDatabase, rowJson } from '../sqlite-copy.ts'
import { stops } from '../whole-member.ts'
import { earlyColumns } from './columns.ts'
import { ScaleUsers } from './users.ts'
import { type Value, valueOfType } from './value-types.ts'

const rowsBetweenLooks = 4096
/** Columns of the app's own, and those that are values or said otherwise. */
const notFacts = new Set(['id', 'userId', 'enabled', 'datetime', 'comment'])

/** Whether the first bytes of a database show openScale's tables. */
export function hasScaleTables(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1')
  return (
    /\bscaleMeasurements\b/.test(text) ||
    (/\bMeasurementValue\b/.test(text) && /\bMeasurementType\b/.test(text))
  )
}

export async function readScaleDatabase(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  await readDatabase(member, intake, totalBytes, (database) => new ScaleReader(database, intake).read())
}

/** A weighing: when it was, whose it is, what it says. */
interface Weighing {
  readonly userId: unknown
  readonly startMs: unknown
  readonly values: readonly Value[]
  readonly note: string
  readonly meta: Readonly<Record<string, string>>
  readonly place: Place
}

class ScaleReader {
  readonly #database: ExportDatabase
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #users: ScaleUsers
  readonly #source = normaliseSource({ name: 'openScale' })
  #count = 0

  constructor(database: ExportDatabase, intake: Intake) {
    this.#database = database
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#users = new ScaleUsers(database, intake)
  }

  read(): void {
    const { tables } = this.#database
    if (tables.includes('scaleMeasurements') && !this.#each(this.#earlyWeighings())) return
    const isLate = ['Measurement', 'MeasurementValue', 'MeasurementType'].every((one) => tables.includes(one))
    if (isLate && !this.#each(this.#lateWeighings())) return
    this.#users.offer()
  }

  /** False when the person asked to stop. */
  #each(weighings: Iterable<Weighing>): boolean {
    for (const weighing of weighings) {
      this.#weighing(weighing)
      if (++this.#count % rowsBetweenLooks !== 0) continue
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return false
    }
    return true
  }

  *#earlyWeighings(): Generator<Weighing> {
    let number = 0
    for (const row of this.#database.rows('scaleMeasurements')) {
      const place = placeOf(`scaleMeasurements#${++number}`, [row])
      const time = row['datetime']
      // The table that the app exports has minutes: so both tell the same weighing.
      const startMs = typeof time === 'number' ? Math.floor(time / minuteMs) * minuteMs : Number.NaN
      // What the person removed stays in the table, switched off.
      if (row['enabled'] === 0) this.#measurements.unmapped('openScale removed row', startMs, place)
      else yield { userId: row['userId'], startMs, place, note: textOf(row['comment']), ...earlyValues(row) }
    }
  }

  *#lateWeighings(): Generator<Weighing> {
    const types = new Map<unknown, Row>()
    for (const row of this.#database.rows('MeasurementType')) types.set(row['id'], row)
    const keys = { childKey: 'measurementId', parentKey: 'id' }
    const rows = this.#database.childRows('MeasurementValue', 'Measurement', keys, ['userId', 'timestamp'])
    let group: Row[] = []
    let number = 0
    for (const row of rows) {
      if (group.length > 0 && group[0]?.['measurementId'] !== row['measurementId']) {
        yield lateWeighing(group, types, ++number)
        group = []
      }
      group.push(row)
    }
    if (group.length > 0) yield lateWeighing(group, types, ++number)
  }

  #weighing({ userId, startMs: time, values, note, meta, place }: Weighing): void {
    const startMs = typeof time === 'number' ? time : Number.NaN
    const fault = this.#users.faultOf(userId)
    if (fault !== '') {
      const isLeftOut = this.#intake.options.whose !== undefined
      for (const _ of values) {
        if (isLeftOut) this.#measurements.turnAway(fault, place)
        else this.#measurements.refuse(fault, place, 'REFUSED_INPUT')
      }
      return
    }
    const extra: Extra = {
      ...(note === '' ? {} : { note }),
      ...(Object.keys(meta).length === 0 ? {} : { meta }),
    }
    const offsetMin = Number.isFinite(startMs) ? this.#intake.zone().at(startMs) : 0
    for (const value of values)
      this.#measurements.take({ source: this.#source, startMs, offsetMin, extra, ...value }, place)
    if (values.length === 0) this.#measurements.unmapped('openScale row', startMs, place)
  }
}

function earlyValues(row: Row): Pick<Weighing, 'values' | 'meta'> {
  const values: Value[] = []
  const meta: Record<string, string> = {}
  for (const [column, number] of Object.entries(row)) {
    if (notFacts.has(column) || typeof number !== 'number' || number === 0) continue
    const known = earlyColumns[column.toLowerCase()]
    if (known) values.push({ metric: known[0], unit: known[1], value: asFloat(number) })
    else meta[column] = String(asFloat(number))
  }
  return { values, meta }
}

function lateWeighing(rows: readonly Row[], types: ReadonlyMap<unknown, Row>, number: number): Weighing {
  const values: Value[] = []
  const meta: Record<string, string> = {}
  let note = ''
  for (const row of rows) {
    const type = types.get(row['typeId'])
    const key = textOf(type?.['key'] ?? type?.['identity']).toUpperCase()
    const found = row['floatValue'] ?? row['intValue']
    const value =
      typeof found === 'number' ? valueOfType(key, textOf(type?.['unit']), asFloat(found)) : undefined
    if (value) values.push(value)
    else if (key === 'COMMENT') note = textOf(row['textValue'])
    else {
      const name = textOf(type?.['name']) || key || `type ${row['typeId']}`
      const said = found ?? row['textValue'] ?? row['dateValue']
      if (said !== null && said !== undefined && key !== 'USER')
        meta[name.slice(0, 60)] = String(said).slice(0, 200)
    }
  }
  const [first] = rows
  const place = placeOf(`Measurement#${number}`, rows)
  return { userId: first?.['userId'], startMs: first?.['timestamp'], values, note, meta, place }
}

/** The app stores 32-bit floats: 81.4 lies in the file as 81.4000015258789. */
function asFloat(value: number): number {
  return Math.fround(value) === value ? Number(value.toPrecision(7)) : value
}

function placeOf(where: string, rows: readonly Row[]): Place {
  return {
    where: () => where,
    raw: () =>
      rows.length === 1 ? rowJson(rows[0] as Row) : `[${rows.map((row) => rowJson(row)).join(',')}]`,
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}
