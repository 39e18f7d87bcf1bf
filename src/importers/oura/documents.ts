/** From an Oura document to measurements. */
import { growingTotalFacts, normaliseSource } from '../../records/index.ts'
import { snakeCase } from '../activity-sports.ts'
import type { Intake } from '../intake.ts'
import { isObject, type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import { localDaySpan } from '../local-days.ts'
import { Measurements, type Place } from '../measurements.ts'
import { instantWithOffset, readWallTime } from '../wall-time.ts'
import { type DayKind, dayKinds, type Field, sleepFields } from './fields.ts'

interface Moment {
  readonly ms: number
  readonly offsetMin: number
}

export class OuraDocuments {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #source = normaliseSource({ name: 'Oura', device: 'Oura Ring' })

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
  }

  /** Gives a document its outcomes. `collection` is the name that its file or list has, '' when it has none. */
  take(document: JsonObject, collection: string, place: Place): void {
    const name = snakeCase(collection)
    if (textAt(document, 'bedtime_start') !== '') this.#sleep(document, place)
    else if (own(document, 'bpm') !== undefined) this.#heartRate(document, place)
    else if (textAt(document, 'start_datetime') !== '') this.#session(document, place)
    else if (own(document, 'biological_sex') !== undefined) this.#person(document, place)
    else {
      const kind = dayKind(document, name)
      if (kind && textAt(document, 'day') !== '') this.#day(document, kind, place)
      else this.#measurements.unmapped(`oura ${name || 'document'}`, this.#dayStart(document), place)
    }
  }

  /** What is no document. */
  refuse(reason: string, place: Place): void {
    this.#measurements.refuse(reason, place)
  }

  #sleep(document: JsonObject, place: Place): void {
    const start = this.#moment(textAt(document, 'bedtime_start'))
    const end = this.#moment(textAt(document, 'bedtime_end'))
    // Periods that the person deleted are delivered all the same.
    if (textAt(document, 'type') === 'deleted') {
      this.#measurements.unmapped('oura deleted sleep', start.ms, place)
      return
    }
    const source = this.#source
    const period = { source, startMs: start.ms, offsetMin: start.offsetMin, durationMs: end.ms - start.ms }
    const wake = { source, startMs: end.ms, offsetMin: end.offsetMin }
    let taken = 0
    for (const { field, metric, unit, when, from } of sleepFields) {
      const value = numberIn(document, field)
      if (!(value >= from)) continue
      taken++
      this.#measurements.take({ metric, unit, ...(when === 'wake' ? wake : period), value }, place)
    }
    const beats = this.#samples(document, 'heart_rate', 'heart_rate', '/min', place)
    const variability = this.#samples(document, 'hrv', 'hrv_rmssd', 'ms', place)
    const average = numberIn(document, 'average_hrv')
    if (variability === 0 && average > 0) {
      taken++
      this.#measurements.take({ metric: 'hrv_rmssd', unit: 'ms', ...period, value: average }, place)
    }
    this.#finish('oura sleep', taken + beats + variability, start.ms, place)
  }

  /** `{"interval":300,"items":[null,52,…],"timestamp":…}`; how many items are measurements. */
  #samples(document: JsonObject, field: string, metric: string, unit: string, place: Place): number {
    const series = objectIn(document, field)
    const start = this.#moment(textAt(series, 'timestamp'))
    const stepMs = numberAt(series, 'interval') * 1000
    if (!(stepMs > 0)) return 0
    let taken = 0
    for (const [index, item] of listAt(series, 'items').entries()) {
      if (typeof item !== 'number' || !(item > 0)) continue
      taken++
      const startMs = start.ms + index * stepMs
      const base = { metric, unit, source: this.#source, offsetMin: start.offsetMin }
      this.#measurements.take({ startMs, value: item, ...base }, place)
    }
    return taken
  }

  #heartRate(document: JsonObject, place: Place): void {
    const { ms: startMs, offsetMin } = this.#moment(textAt(document, 'timestamp'))
    const context = textAt(document, 'source')
    const extra = context === '' ? {} : { context: context.slice(0, 100) }
    const base = { metric: 'heart_rate', unit: '/min', source: this.#source, startMs, offsetMin }
    this.#measurements.take({ value: numberIn(document, 'bpm'), extra, ...base }, place)
  }

  /** Workouts, and sessions of breathing and meditation. */
  #session(document: JsonObject, place: Place): void {
    const start = this.#moment(textAt(document, 'start_datetime'))
    const end = this.#moment(textAt(document, 'end_datetime'))
    const activity = snakeCase(textAt(document, 'activity'))
    const isMindful = /^(meditation|breathing|relaxation|body_status|rest)$/.test(textAt(document, 'type'))
    if (activity === '' && !isMindful) {
      this.#measurements.unmapped('oura session', start.ms, place)
      return
    }
    const durationMs = end.ms - start.ms
    const base = { source: this.#source, startMs: start.ms, offsetMin: start.offsetMin, durationMs }
    const metric = activity === '' ? 'mindful_minutes' : 'workout'
    const extra = { context: activity === '' ? textAt(document, 'type') : activity, ...metaOf(document) }
    this.#measurements.take({ metric, unit: 's', value: durationMs / 1000, extra, ...base }, place)
  }

  #day(document: JsonObject, kind: DayKind, place: Place): void {
    const span = localDaySpan(textAt(document, 'day'), this.#intake.zone())
    if (!span) {
      this.#measurements.refuse('its day cannot be read', place, 'DATE')
      return
    }
    let taken = 0
    for (const one of kind.fields) {
      const value = fieldValue(document, one)
      if (!(value >= one.from)) continue
      taken++
      const { metric, unit } = one
      const extra = kind.isGrowing ? { meta: growingTotalFacts('Oura', value) } : {}
      this.#measurements.take({ metric, unit, source: this.#source, value, extra, ...span }, place)
    }
    this.#finish(`oura ${kind.name}`, taken, span.startMs, place)
  }

  #person(document: JsonObject, place: Place): void {
    const sex = textAt(document, 'biological_sex').toLowerCase()
    if (sex === 'male' || sex === 'female')
      this.#intake.offer({ field: 'sex', value: sex, where: place.where() })
    if (this.#intake.begin(0)) this.#intake.keep('oura personal_info', place.where(), null, place.raw)
  }

  /** A document with values is kept whole beside them; one without counts by itself. */
  #finish(kind: string, taken: number, startMs: number, place: Place): void {
    if (taken === 0) this.#measurements.unmapped(kind, startMs, place)
    else if (this.#intake.begin(0)) this.#intake.keep(kind, place.where(), startMs, place.raw)
  }

  #dayStart(document: JsonObject): number | null {
    return localDaySpan(textAt(document, 'day'), this.#intake.zone())?.startMs ?? null
  }

  /** The instant with the offset that is written, unless the person gives a zone; NaN when it is no time. */
  #moment(text: string): Moment {
    const read = readWallTime(text)
    if (!read) return { ms: Number.NaN, offsetMin: 0 }
    const { zone } = this.#intake.options
    // Z says nothing about where the person was.
    const isLocal = read.offsetMin !== null && !/Z$/i.test(text)
    const ms =
      read.offsetMin === null
        ? this.#intake.zone().instantOf(read.wallMs)
        : instantWithOffset(read.wallMs, read.offsetMin)
    const offsetMin = isLocal && zone === undefined ? (read.offsetMin as number) : this.#intake.zone().at(ms)
    return { ms, offsetMin }
  }
}

function dayKind(document: JsonObject, name: string): DayKind | undefined {
  const named = dayKinds.find(({ names }) => names.test(name))
  if (named) return named
  const contributors = objectIn(document, 'contributors')
  const keys = [...Object.keys(document), ...(isObject(contributors) ? Object.keys(contributors) : [])]
  return dayKinds.find(({ mark }) => keys.some((key) => mark.test(key)))
}

/** `spo2_percentage` holds its average inside. */
function fieldValue(document: JsonObject, { field }: Field): number {
  if (field === 'spo2_average')
    return numberIn(objectIn(document, 'spo2_percentage') as JsonObject, 'average')
  return numberIn(document, field)
}

/** A number, or a cell that is one. */
function numberIn(document: unknown, field: string): number {
  const found = own(document, field)
  if (typeof found === 'string')
    return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(found.trim()) ? Number(found) : Number.NaN
  return numberAt(document, field)
}

/** An object, or a cell that holds one as JSON. */
function objectIn(document: JsonObject, field: string): unknown {
  const found = own(document, field)
  if (typeof found !== 'string') return found
  try {
    return JSON.parse(found)
  } catch {
    // The cell is no object; the document is kept whole all the same.
    return undefined
  }
}

function metaOf(document: JsonObject): { readonly meta?: Readonly<Record<string, string>> } {
  const meta: Record<string, string> = {}
  for (const name of ['calories', 'distance', 'intensity', 'label', 'source', 'mood']) {
    const found = own(document, name)
    if (typeof found === 'number' || (typeof found === 'string' && found !== ''))
      meta[name] = String(found).slice(0, 200)
  }
  return Object.keys(meta).length === 0 ? {} : { meta }
}
