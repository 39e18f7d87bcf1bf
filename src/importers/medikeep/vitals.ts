/**
 * Vitals and laboratory components of MediKeep. Temperatures, weights and heights carry their unit; glucose does not, and
 * is asked for. A component is mapped where its name is one of the catalogue's and its unit one of that metric.
 */
import { findMetric, type Metric } from '../../metrics/index.ts'
import { type Extra, normaliseSource, type Source } from '../../records/index.ts'
import { eitherNumber } from '../delimited/number.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'
import { glucoseUnitQuestion, statedGlucoseUnit } from '../glucose-unit.ts'
import type { Intake } from '../intake.ts'
import { type JsonObject, numberAt, own, textAt } from '../json/member-values.ts'
import { Measurements, type Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'

const app = 'MediKeep'
const maxSources = 1000

/** Key → metric and unit, or the key of its unit. */
const singles: readonly (readonly [string, string, string])[] = [
  ['heart_rate', 'heart_rate', '/min'],
  ['temperature', 'body_temperature', 'temperature_unit'],
  ['weight', 'weight', 'weight_unit'],
  ['height', 'height', 'height_unit'],
  ['oxygen_saturation', 'oxygen_saturation', '%'],
  ['respiratory_rate', 'respiratory_rate', '/min'],
  ['bmi', 'bmi', 'kg/m2'],
  ['pain_scale', 'symptom_pain', '{score}'],
]
/** The labels of MediKeep's own unit systems (UNIT_LABELS). */
const ucumByLabel: Readonly<Record<string, string>> = {
  lbs: '[lb_av]',
  kg: 'kg',
  inches: '[in_i]',
  cm: 'cm',
  '°F': '[degF]',
  '°C': 'Cel',
}

export const metricsOfVitals: readonly string[] = [
  'blood_pressure',
  'glucose',
  ...singles.map(([, metric]) => metric),
].sort()

interface Moment {
  readonly startMs: number
  readonly offsetMin: number
}

export class VitalsReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #sources = new Map<string, Source>()

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
  }

  vitals(value: JsonObject, place: Place): void {
    const moment = this.moment(textAt(value, 'recorded_date'))
    if (!moment) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    const source = this.#source(textAt(value, 'device_used'))
    const extra = extraOf(value)
    let values =
      this.#pressure(value, moment, source, extra, place) + this.#glucose(value, moment, source, extra, place)
    for (const [key, metric, unitOrKey] of singles) {
      const number = numberOf(value, key)
      if (Number.isNaN(number)) continue
      values++
      const unit = unitOrKey.endsWith('_unit') ? ucumByLabel[textAt(value, unitOrKey)] : unitOrKey
      if (unit === undefined) this.#measurements.refuse(`${key} has no unit that is known`, place, 'UNIT')
      else this.#measurements.take({ metric, unit, source, ...moment, value: number, extra }, place)
    }
    if (values === 0) this.#measurements.unmapped('MediKeep vitals', moment.startMs, place)
  }

  /** A component of a laboratory result; `result` is the report around it. */
  component(value: JsonObject, result: JsonObject, place: Place): void {
    const moment = this.moment(textAt(result, 'completed_date') || textAt(result, 'ordered_date'))
    const metric = namedMetric(textAt(value, 'test_name')) ?? namedMetric(textAt(value, 'abbreviation'))
    const number = numberOf(value, 'value')
    const unit = metric && acceptedUnit(metric, textAt(value, 'unit'))
    if (!moment || !metric || !unit || Number.isNaN(number) || metric.components.length > 0) {
      this.#measurements.unmapped('MediKeep test component', moment?.startMs ?? null, place)
      return
    }
    const meta = Object.fromEntries(
      ['status', 'ref_range_min', 'ref_range_max', 'ref_range_text', 'test_name'].flatMap((key) => {
        const fact = own(value, key)
        return fact === undefined || fact === null || fact === '' ? [] : [[key, String(fact)]]
      }),
    )
    const source = this.#source(textAt(result, 'facility'))
    this.#measurements.take(
      { metric: metric.id, unit: unit.ucum, source, ...moment, value: number, extra: { meta } },
      place,
    )
  }

  moment(text: string): Moment | undefined {
    const time = text === '' ? undefined : readWallTime(text)
    if (!time) return undefined
    if (time.offsetMin !== null) {
      return { startMs: time.wallMs - time.offsetMin * 60_000, offsetMin: time.offsetMin }
    }
    const zone = this.#intake.zone()
    const startMs = zone.instantOf(time.wallMs)
    return { startMs, offsetMin: zone.at(startMs) }
  }

  #pressure(value: JsonObject, moment: Moment, source: Source, extra: Extra, place: Place): number {
    const [upper, lower] = [numberOf(value, 'systolic_bp'), numberOf(value, 'diastolic_bp')]
    if (Number.isNaN(upper) && Number.isNaN(lower)) return 0
    if (Number.isNaN(upper) || Number.isNaN(lower)) {
      this.#intake.note('a blood pressure component without its partner was kept raw')
      this.#measurements.unmapped('MediKeep blood pressure component', moment.startMs, place)
    } else {
      this.#measurements.take(
        { metric: 'blood_pressure', unit: 'mm[Hg]', source, ...moment, value: upper, second: lower, extra },
        place,
      )
    }
    return 1
  }

  #glucose(value: JsonObject, moment: Moment, source: Source, extra: Extra, place: Place): number {
    const number = numberOf(value, 'blood_glucose')
    if (Number.isNaN(number)) return 0
    const unit = statedGlucoseUnit(this.#intake.unit('glucose'))
    if (!unit) this.#measurements.refuse(glucoseUnitQuestion('glucose'), place, 'UNIT')
    else this.#measurements.take({ metric: 'glucose', unit, source, ...moment, value: number, extra }, place)
    return 1
  }

  #source(device: string): Source {
    let source = this.#sources.get(device)
    if (!source) {
      source = normaliseSource({ name: app, device })
      if (this.#sources.size < maxSources) this.#sources.set(device, source)
    }
    return source
  }
}

function extraOf(value: JsonObject): Extra {
  const note = textAt(value, 'notes')
  const location = textAt(value, 'location')
  return { ...(note === '' ? {} : { note }), ...(location === '' ? {} : { meta: { location } }) }
}

/** A number, also where the CSV made a text of it. */
function numberOf(value: JsonObject, key: string): number {
  const number = numberAt(value, key)
  return Number.isNaN(number) ? eitherNumber(textAt(value, key)) : number
}

function namedMetric(name: string): Metric | undefined {
  if (name === '') return undefined
  try {
    return findMetric(name)
  } catch {
    // A test that the catalogue does not know.
    return undefined
  }
}
