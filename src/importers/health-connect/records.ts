/** Rows of record tables and of series to measurements. */
import { minuteMs } from '../../foundation/index.ts'
import { symptomMetricId } from '../../metrics/index.ts'
import { type Extra, withRecordVersion } from '../../records/index.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { type ExportDatabase, type Row, rowJson } from '../sqlite-copy.ts'
import * as codes from './codes.ts'
import { ExerciseSessions } from './exercise-sessions.ts'
import { Sources, textIn } from './sources.ts'
import type { FactPlan, RecordPlan, SeriesPlan, ValuePlan } from './tables.ts'

/** Offsets that zones have: ±18 h (java.time.ZoneOffset), in seconds. */
const maxOffset = 18 * 3600
/** Float.MIN_VALUE and Double.MIN_VALUE stand for "not given" (Constants.DEFAULT_FLOAT, DEFAULT_DOUBLE). */
const smallestGiven = 1e-40
const longestFact = 200

/** When something was, as the row states it. */
export interface Moment {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

/** What a row of a table taken by hand becomes; undefined when it has no metric. */
interface HandMade {
  readonly metric: string
  readonly unit: string
  readonly value: number
  readonly context?: string | undefined
}

export class RecordRows {
  readonly measurements: Measurements
  readonly #database: ExportDatabase
  readonly #intake: Intake
  readonly #sources: Sources
  readonly #sessions: ExerciseSessions

  constructor(database: ExportDatabase, intake: Intake) {
    this.#database = database
    this.#intake = intake
    this.measurements = new Measurements(intake)
    this.#sources = new Sources(database)
    this.#sessions = new ExerciseSessions(database)
  }

  /** Rows of a table with a plan. */
  *planned(table: string, plan: RecordPlan): Generator<void> {
    for (const { row, place } of this.numbered(table, this.#database.rows(table))) {
      this.#record(table, plan, row, place)
      yield
    }
  }

  /** Samples of a series, with the app, device and offset of their parent. */
  *series(table: string, plan: SeriesPlan): Generator<void> {
    const keys = { childKey: 'parent_key', parentKey: 'row_id' }
    const inherited = [
      ...['app_info_id', 'device_info_id', 'recording_method', 'start_zone_offset'],
      ...plan.facts.map(({ column }) => column),
      ...plan.meta,
    ]
    const hasParent = this.#database.tables.includes(plan.parent)
    const rows = hasParent
      ? this.#database.childRows(table, plan.parent, keys, inherited)
      : this.#database.rows(table)
    for (const { row, place } of this.numbered(table, rows)) {
      const moment = this.momentOf(row['epoch_millis'], row['epoch_millis'], row['start_zone_offset'])
      const extra = extraOf(row, plan.facts, [], plan.meta)
      if (!this.#value(plan.value, row, moment, extra, place)) this.unmapped(table, moment, place)
      yield
    }
  }

  /** Rows of a table without a plan: some states are told by the row alone, what is left is kept raw. */
  *others(table: string): Generator<void> {
    for (const { row, place } of this.numbered(table, this.#database.rows(table))) {
      const moment = this.moment(row)
      const made = handMade(table, row, moment)
      if (made) {
        const { context, ...value } = made
        const extra = versioned(extraOf(row, [], ['title', 'notes'], []), row)
        this.take(value, row, moment, context === undefined ? extra : { ...extra, context }, place)
      } else this.unmapped(table, moment, place)
      yield
    }
  }

  /** Rows with their place: `steps_record_table#12`. */
  *numbered(table: string, rows: Iterable<Row>): Generator<{ readonly row: Row; readonly place: Place }> {
    let number = 0
    for (const row of rows) {
      const where = `${table}#${++number}`
      yield { row, place: { where: () => where, raw: () => rowJson(row) } }
    }
  }

  /** The time of a record: an instant or an interval. */
  moment(row: Row): Moment {
    return 'time' in row
      ? this.momentOf(row['time'], row['time'], row['zone_offset'])
      : this.momentOf(row['start_time'], row['end_time'], row['start_zone_offset'])
  }

  /** The offset is the record's own, unless the person gives a zone. */
  momentOf(start: unknown, end: unknown, offset: unknown): Moment {
    if (typeof start !== 'number' || typeof end !== 'number')
      return { startMs: Number.NaN, durationMs: 0, offsetMin: 0 }
    const isOwn =
      this.#intake.options.zone === undefined && typeof offset === 'number' && Math.abs(offset) <= maxOffset
    const offsetMin = isOwn ? Math.round(offset / 60) : this.#intake.zone().at(start)
    return { startMs: start, durationMs: end - start, offsetMin }
  }

  take(
    { metric, unit, value }: { readonly metric: string; readonly unit: string; readonly value: number },
    row: Row,
    moment: Moment,
    extra: Extra,
    place: Place,
  ): void {
    this.measurements.take({ metric, unit, value, source: this.#sources.of(row), ...moment, extra }, place)
  }

  unmapped(table: string, { startMs }: Moment, place: Place): void {
    this.measurements.unmapped(`Health Connect ${table}`.slice(0, 60), startMs, place)
  }

  #record(table: string, plan: RecordPlan, row: Row, place: Place): void {
    const moment = this.moment(row)
    const extra = this.#versioned(extraOf(row, plan.facts, plan.notes, []), plan, row)
    let taken = 0
    for (const one of plan.values) {
      if (this.#value(one, row, moment, extra, place)) taken++
    }
    if (taken === 0) this.unmapped(table, moment, place)
    else if (
      plan.unmapped.some((column) => isGiven(row[column])) &&
      !this.#intake.isSkipped(moment.startMs)
    ) {
      if (this.#intake.begin(0))
        this.#intake.keep(`Health Connect ${table}`, place.where(), moment.startMs, place.raw)
    }
  }

  /** Counts are many: those of one app, device and start are versions of each other, which costs less than their ids. */
  #versioned(extra: Extra, { rewritten = 'by id' }: RecordPlan, row: Row): Extra {
    if (rewritten === 'never') return extra
    if (rewritten === 'by id') return versioned(extra, row)
    const { app, device } = this.#sources.of(row)
    return versioned(extra, row, device === '' ? app : `${app} ${device}`)
  }

  /** Takes a value; false when the row does not give it or it has no metric. */
  #value(plan: ValuePlan, row: Row, moment: Moment, extra: Extra, place: Place): boolean {
    const given = row[plan.column]
    const number = plan.grades ? plan.grades[codes.codeOf(given)] : given
    if (!isGiven(number)) return false
    const metric = this.#metricOf(plan, row, moment)
    if (metric === undefined) return false
    const value = number * (plan.factor ?? 1)
    const source = this.#sources.of(row)
    const base = { metric, unit: plan.unit, source, ...moment, value, extra }
    if (plan.second === undefined) this.measurements.take(base, place)
    else {
      const second = row[plan.second]
      this.measurements.take({ second: typeof second === 'number' ? second : Number.NaN, ...base }, place)
    }
    return true
  }

  #metricOf({ metric }: ValuePlan, row: Row, { startMs, durationMs }: Moment): string | undefined {
    if (typeof metric !== 'string') return metric(this.#sessions.at(startMs, durationMs, row['app_info_id']))
    const isSensor = codes.codeOf(row['specimen_source']) === codes.interstitialFluid
    return metric === 'glucose' && isSensor ? 'cgm_glucose' : metric
  }
}

function isGiven(value: unknown): value is number {
  return typeof value === 'number' && (value === 0 || Math.abs(value) >= smallestGiven)
}

/** Bytes of a record's random id that tell it from others of the same metric and start. */
const idBytes = 6

/** Facts, note and further numbers of a row. */
export function extraOf(
  row: Row,
  facts: readonly FactPlan[],
  notes: readonly string[],
  further: readonly string[],
): Extra {
  const known = facts.flatMap(({ column, words }) => {
    const word = words[codes.codeOf(row[column])]
    return word === undefined ? [] : [[column, word] as const]
  })
  const [first, ...rest] = known
  const meta: Record<string, string> = Object.fromEntries(rest)
  for (const column of further) {
    if (isGiven(row[column])) meta[column] = String(row[column])
  }
  if (row['recording_method'] === codes.manualEntry) meta['recording_method'] = 'manual_entry'
  const note = notes.flatMap((column) => (textIn(row, column) === '' ? [] : [textIn(row, column)])).join(': ')
  const extra: { -readonly [Name in keyof Extra]: Extra[Name] } = {}
  if (first) extra.context = first[1].slice(0, longestFact)
  if (note !== '') extra.note = note
  if (Object.keys(meta).length > 0) extra.meta = meta
  return extra
}

/** The extra with the version of a row, which its app may write again: by its id unless another name is given. */
export function versioned(extra: Extra, { uuid, last_modified_time: changedMs }: Row, name?: string): Extra {
  if (typeof changedMs !== 'number') return extra
  return withRecordVersion(extra, name ?? idOf(uuid), changedMs)
}

function idOf(uuid: unknown): string {
  return uuid instanceof Uint8Array ? Buffer.from(uuid.subarray(0, idBytes)).toString('base64url') : ''
}

/** States and events whose number is not in a column. */
function handMade(table: string, row: Row, { durationMs }: Moment): HandMade | undefined {
  const minutes = { unit: 'min', value: durationMs / minuteMs }
  const event = { unit: '{count}', value: 1 }
  const type = codes.codeOf(row['type'])
  switch (table) {
    case 'activity_intensity_record_table': {
      const metric = ['moderate_activity_time', 'vigorous_activity_time'][type]
      return metric === undefined ? undefined : { metric, ...minutes }
    }
    case 'mindfulness_session_record_table':
      return { metric: 'mindful_minutes', ...minutes, context: codes.mindfulnessTypes[type] }
    case 'intermenstrual_bleeding_record_table':
      return { metric: 'intermenstrual_bleeding', ...event }
    case 'sexual_activity_record_table': {
      const context = codes.protections[codes.codeOf(row['protection_used'])]
      return { metric: 'sexual_activity', ...event, context }
    }
    // Days of bleeding whose amount is told by the records of flow, where there are any.
    case 'menstruation_period_record_table':
      return { metric: 'menstrual_flow', unit: '{grade}', value: codes.flows[0] as number, context: 'period' }
    case 'nicotine_intake_record_table':
      return cigarettesOf(row)
    case 'symptom_record_table':
      return symptomOf(row)
    default:
      return undefined
  }
}

/** NicotineIntakeRecord: 0 vape, 1 cigarette. */
function cigarettesOf(row: Row): HandMade | undefined {
  const { quantity } = row
  if (codes.codeOf(row['nicotine_intake_type']) !== 1 || !isGiven(quantity)) return undefined
  return { metric: 'cigarettes', unit: '{cigarettes}', value: quantity }
}

function symptomOf(row: Row): HandMade | undefined {
  const name = codes.symptomTypes[codes.codeOf(row['symptom_type'])]
  const value = codes.severities[codes.codeOf(row['severity'])]
  if (name === undefined || value === undefined) return undefined
  const metric = symptomMetricId(name)
  const unit = '{score}'
  return metric === null ? { metric: 'symptom', unit, value, context: name } : { metric, unit, value }
}
