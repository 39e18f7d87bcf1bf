/** Samples and activities of Gadgetbridge into the intake. Instants are UTC; a reading is a source record. */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { normaliseSource, type Source } from '../../records/index.ts'
import { readRows } from '../delimited/member-rows.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { type ExportDatabase, type Row, readDatabase, rowJson } from '../sqlite-copy.ts'
import { stops } from '../whole-member.ts'
import { activityKinds, isByMinute, planOfTable, type SamplePlan } from './samples.ts'
import { hasStages, type Stage, stagesOf } from './sleep-stages.ts'
import { countsUp, StepCounter } from './step-counter.ts'

const app = 'Gadgetbridge'
/** Seconds until the year 2286; larger numbers are milliseconds. */
const largestSecond = 9_999_999_999
const rowsBetweenLooks = 4096
const maxRawLength = 4000

export function isSampleHeader(cells: readonly string[]): boolean {
  return ['TIMESTAMP', 'DEVICE_ID', 'USER_ID'].every((name) => cells.includes(name))
}

export async function readSamples(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  await readDatabase(member, intake, totalBytes, (database) => new SampleReader(intake).database(database))
}

/** A table saved as CSV: what its rows are shows in its columns, or in the file's name. */
export async function readSampleTable(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  const named = label.replace(/\.[^.]*$/, '').toUpperCase()
  const reader = new SampleReader(intake)
  let header: readonly string[] | undefined
  let table = named
  await readRows(member, intake, totalBytes, (cells, line) => {
    if (!header) {
      header = cells.map((cell) => cell.trim())
      if (planOfTable(named) === undefined)
        table = header.includes('STEPS') ? 'CSV_ACTIVITY_SAMPLE' : 'CSV_SAMPLE'
      return
    }
    if (cells.length === 1) return
    const row = Object.fromEntries(
      header.map((name, column) => [name, cells[column] === '' ? null : Number(cells[column])]),
    )
    reader.sample(table, planOfTable(table) as SamplePlan, row, `${label}:${line}`)
  })
}

class SampleReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #zone: ZoneOffsets
  readonly #steps: StepCounter
  readonly #sources = new Map<unknown, Source>()
  readonly #unknown = normaliseSource({ name: app })

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#zone = intake.zone()
    this.#steps = new StepCounter(this.#zone)
  }

  database(database: ExportDatabase): void {
    const { tables } = database
    if (tables.includes('DEVICE')) {
      for (const device of database.rows('DEVICE')) this.#sources.set(device['_id'], sourceOf(device))
    }
    for (const table of tables) {
      let number = 0
      for (const _ of this.#rows(database, table)) {
        if (++number % rowsBetweenLooks !== 0) continue
        if (this.#intake.full) this.#intake.flush()
        if (stops(this.#intake)) return
      }
    }
  }

  /** Takes the rows of a table one by one. */
  *#rows(database: ExportDatabase, table: string): Generator<void> {
    const plan = planOfTable(table)
    let number = 0
    if (hasStages(table)) {
      for (const stage of stagesOf(table, database)) yield this.#stage(table, stage, `${table}#${++number}`)
    } else if (plan) {
      const rows = database.rows(table, countsUp(table) ? ['TIMESTAMP'] : [])
      for (const row of rows) yield this.sample(table, plan, row, `${table}#${++number}`)
    } else if (table === 'BASE_ACTIVITY_SUMMARY') {
      for (const row of database.rows(table)) yield this.#activity(row, `${table}#${++number}`)
    }
  }

  sample(table: string, plan: SamplePlan, row: Row, where: string): void {
    const startMs = instantOf(row['TIMESTAMP'])
    const place: Place = { where: () => where, raw: () => rowJson(row) }
    if (table === 'XIAOMI_SLEEP_TIME_SAMPLE') {
      this.#sleep(table, row, startMs, place)
      return
    }
    const source = this.#sources.get(row['DEVICE_ID']) ?? this.#unknown
    let readings = 0
    for (const { column, metric, unit, range } of plan.columns) {
      const value = row[column]
      if (typeof value !== 'number' || !(value >= range[0] && value <= range[1])) continue
      readings++
      if (metric === 'steps' && countsUp(table)) {
        this.#countedSteps(row, startMs, value, place)
        continue
      }
      const durationMs = metric === 'steps' && isByMinute(table) ? minuteMs : 0
      const offsetMin = this.#zone.at(startMs)
      this.#measurements.take({ metric, unit, source, startMs, durationMs, offsetMin, value }, place)
    }
    if (readings === 0 && !plan.isDense)
      this.#measurements.unmapped(`Gadgetbridge ${table}`.slice(0, 60), startMs, place)
  }

  #countedSteps(row: Row, ms: number, count: number, place: Place): void {
    const device = row['DEVICE_ID']
    const walked = this.#steps.walked(device, ms, count)
    if (!walked) {
      this.#measurements.refuse(
        'its steps count up over the day, and it is earlier than the row before it',
        place,
      )
      return
    }
    // A count that did not change says that nobody walked.
    if (walked.steps === 0) {
      this.#measurements.merge()
      return
    }
    const { startMs, durationMs, steps: value } = walked
    const source = this.#sources.get(device) ?? this.#unknown
    const offsetMin = this.#zone.at(startMs)
    this.#measurements.take(
      { metric: 'steps', unit: '{steps}', source, startMs, durationMs, offsetMin, value },
      place,
    )
  }

  #stage(table: string, { row, metric, startMs, durationMs }: Stage, where: string): void {
    const place: Place = { where: () => where, raw: () => rowJson(row) }
    if (metric === '') {
      this.#measurements.unmapped(`Gadgetbridge ${table}`.slice(0, 60), startMs, place)
      return
    }
    const source = this.#sources.get(row['DEVICE_ID']) ?? this.#unknown
    const offsetMin = this.#zone.at(startMs)
    const value = durationMs / minuteMs
    this.#measurements.take({ metric, unit: 'min', source, startMs, durationMs, offsetMin, value }, place)
  }

  /** A night: its stages are told by their sums only, so the total is the reading. */
  #sleep(table: string, row: Row, startMs: number, place: Place): void {
    const durationMs = instantOf(row['WAKEUP_TIME']) - startMs
    const total = row['TOTAL_DURATION']
    const isMinutes = typeof total === 'number' && total > 0 && total * minuteMs <= durationMs + minuteMs
    if (!isMinutes) {
      this.#measurements.unmapped(`Gadgetbridge ${table}`, startMs, place)
      return
    }
    const meta = Object.fromEntries(
      ['DEEP_SLEEP_DURATION', 'LIGHT_SLEEP_DURATION', 'REM_SLEEP_DURATION', 'AWAKE_DURATION'].flatMap(
        (name) => (typeof row[name] === 'number' ? [[name.toLowerCase(), String(row[name])]] : []),
      ),
    )
    const source = this.#sources.get(row['DEVICE_ID']) ?? this.#unknown
    const offsetMin = this.#zone.at(startMs)
    this.#measurements.take(
      {
        metric: 'sleep_total',
        unit: 'min',
        source,
        startMs,
        durationMs,
        offsetMin,
        value: total,
        extra: { meta },
      },
      place,
    )
  }

  #activity(row: Row, where: string): void {
    const startMs = instantOf(row['START_TIME'])
    const durationMs = instantOf(row['END_TIME']) - startMs
    const kind = row['ACTIVITY_KIND']
    const context = typeof kind === 'number' ? activityKinds[kind] : undefined
    const note = typeof row['NAME'] === 'string' ? row['NAME'].trim() : ''
    const summary = row['SUMMARY_DATA']
    const meta = {
      ...(typeof kind === 'number' ? { activityKind: String(kind) } : {}),
      ...(typeof summary === 'string' && summary !== '' ? { summary: summary.slice(0, maxRawLength) } : {}),
    }
    this.#measurements.take(
      {
        metric: 'workout',
        unit: 'min',
        source: this.#sources.get(row['DEVICE_ID']) ?? this.#unknown,
        startMs,
        durationMs,
        offsetMin: this.#zone.at(startMs),
        value: durationMs / minuteMs,
        extra: {
          ...(note === '' ? {} : { note }),
          ...(context === undefined ? {} : { context }),
          ...(Object.keys(meta).length === 0 ? {} : { meta }),
        },
      },
      { where: () => where, raw: () => rowJson(row) },
    )
  }
}

/** Sample tables of activity have seconds, the others milliseconds. */
function instantOf(value: unknown): number {
  if (typeof value !== 'number') return Number.NaN
  return value > largestSecond ? value : value * 1000
}

function sourceOf(device: Row): Source {
  const text = (name: string) => (typeof device[name] === 'string' ? device[name].trim() : '')
  return normaliseSource({ name: app, device: text('NAME') || text('MODEL') })
}
