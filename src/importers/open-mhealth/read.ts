/**
 * Data points and what they become. A body with a `descriptive_statistic` (minimum, average of a period) is no reading
 * and is kept raw, as is a time that is only a part of a day. Each measure of a body is a source record.
 */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { metricById } from '../../metrics/index.ts'
import { type Extra, normaliseSource, type Source } from '../../records/index.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { isObject, type JsonObject, numberAt, own, readValues, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'
import { metricOfMeasure, schemaUnit } from './measures.ts'
import { type TimeFrame, timeFrameOf } from './time-frame.ts'

const app = 'Open mHealth'
const maxSources = 1000
/** Facts about a reading that are kept beside it. */
const circumstances = [
  'body_posture',
  'measurement_location',
  'measurement_method',
  'specimen_source',
  'supplemental_oxygen_flow_rate',
  'oxygen_therapy_mode_of_administration',
  'system',
  'temporal_relationship_to_physical_activity',
  'temporal_relationship_to_sleep',
  'is_main_sleep',
  'reported_activity_intensity',
  'distance',
  'kcal_burned',
  'met_value',
] as const

export async function readDataPoints(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const reader = new DataPointReader(intake)
  await readValues(member, intake, totalBytes, (value, where) => {
    // Shimmer wraps the data points of an answer.
    const wrapped = own(value, 'body')
    if (Array.isArray(wrapped)) {
      for (const [index, point] of wrapped.entries()) reader.take(point, `${where}#/body/${index}`)
    } else reader.take(value, where)
  })
}

class DataPointReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #sources = new Map<string, Source>()
  #zone: ZoneOffsets | undefined

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
  }

  take(value: unknown, where: string): void {
    const place = jsonPlace(value, where)
    if (!isObject(value)) {
      this.#measurements.refuse('it is no data point', place, 'REFUSED_INPUT')
      return
    }
    const header = own(value, 'header')
    const inner = own(value, 'body')
    const body = isObject(inner) ? inner : value
    const schema = textAt(own(header, 'schema_id'), 'name')
    const type = `Open mHealth ${schema || Object.keys(body)[0] || 'empty body'}`.slice(0, 60)
    const frame = timeFrameOf(body, () => this.#offsets())
    const measures = this.#measures(body, schema)
    const isStatistic = !['', 'sum', 'count'].includes(textAt(body, 'descriptive_statistic'))
    const startMs = typeof frame === 'string' ? null : frame.startMs
    if (measures.length === 0 || frame === 'vague') this.#measurements.unmapped(type, startMs, place)
    else if (isStatistic) this.#measurements.unmapped(`${type} statistic`.slice(0, 60), startMs, place)
    else if (frame === 'none') {
      this.#measurements.refuse('it has no time', place, 'DATE')
    } else for (const measure of measures) this.#take(measure, body, header, frame, place)
  }

  /** Names of the body's measures that have a metric; blood pressure and activity go by their own names. */
  #measures(body: JsonObject, schema: string): readonly string[] {
    const isPressure =
      own(body, 'systolic_blood_pressure') !== undefined ||
      own(body, 'diastolic_blood_pressure') !== undefined
    if (isPressure) return ['blood_pressure']
    if (own(body, 'activity_name') !== undefined || schema === 'physical-activity') {
      return own(body, 'activity_name') === undefined ? [] : ['physical_activity']
    }
    return Object.keys(body).filter((name) => metricOfMeasure(name) !== undefined)
  }

  #take(measure: string, body: JsonObject, header: unknown, frame: TimeFrame, place: Place): void {
    const source = this.#source(header)
    const extra = extraOf(body, measure)
    if (measure === 'blood_pressure') this.#pressure(body, frame, source, extra, place)
    else if (measure === 'physical_activity') {
      const value = frame.durationMs / minuteMs
      this.#measurements.take({ metric: 'workout', unit: 'min', source, ...frame, value, extra }, place)
    } else this.#single(measure, body, frame, source, extra, place)
  }

  #pressure(body: JsonObject, frame: TimeFrame, source: Source, extra: Extra, place: Place): void {
    const upper = own(body, 'systolic_blood_pressure')
    const lower = own(body, 'diastolic_blood_pressure')
    if (upper === undefined || lower === undefined) {
      this.#intake.note('a blood pressure component without its partner was kept raw')
      this.#measurements.unmapped('Open mHealth blood pressure component', frame.startMs, place)
      return
    }
    const metric = metricById('blood_pressure')
    const unit = metric && schemaUnit(metric, textAt(upper, 'unit'))
    if (unit === undefined || textAt(upper, 'unit') !== textAt(lower, 'unit')) {
      this.#measurements.refuse('its unit is no unit of pressure', place, 'UNIT')
      return
    }
    const [value, second] = [numberAt(upper, 'value'), numberAt(lower, 'value')]
    this.#measurements.take({ metric: 'blood_pressure', unit, source, ...frame, value, second, extra }, place)
  }

  #single(
    measure: string,
    body: JsonObject,
    frame: TimeFrame,
    source: Source,
    extra: Extra,
    place: Place,
  ): void {
    const isSensor = measure === 'blood_glucose' && /interstitial/i.test(textAt(body, 'specimen_source'))
    const metric = metricById(isSensor ? 'cgm_glucose' : (metricOfMeasure(measure) as string))
    if (!metric) throw new TypeError(`the catalogue lacks the metric of ${measure}`)
    const stated = own(body, measure)
    const value = isObject(stated) ? numberAt(stated, 'value') : numberAt(body, measure)
    const text = textAt(stated, 'unit')
    // Counts of early schemas are bare numbers.
    const unit = text === '' && !metric.needsUnit ? metric.unit : schemaUnit(metric, text)
    if (Number.isNaN(value)) this.#measurements.refuse('the value is no number', place)
    else if (unit === undefined) {
      this.#measurements.refuse(`"${text.slice(0, 40)}" is no unit of ${measure}`, place, 'UNIT')
    } else this.#measurements.take({ metric: metric.id, unit, source, ...frame, value, extra }, place)
  }

  #offsets(): ZoneOffsets {
    this.#zone ??= this.#intake.zone()
    return this.#zone
  }

  #source(header: unknown): Source {
    const name = textAt(own(header, 'acquisition_provenance'), 'source_name')
    let source = this.#sources.get(name)
    if (!source) {
      source = normaliseSource({ name: name || app })
      if (this.#sources.size < maxSources) this.#sources.set(name, source)
    }
    return source
  }
}

function extraOf(body: JsonObject, measure: string): Extra {
  const note = textAt(body, 'user_notes')
  const meal = textAt(body, 'temporal_relationship_to_meal')
  const activity = textAt(body, 'activity_name')
  const context = meal || activity
  const meta: Record<string, string> = {}
  for (const name of circumstances) {
    const value = own(body, name)
    if (value === undefined || name === measure) continue
    meta[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return {
    ...(note === '' ? {} : { note }),
    ...(context === '' ? {} : { context }),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  }
}
