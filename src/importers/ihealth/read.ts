/**
 * Lists of the iHealth Open API. Units are codes beside the list (`BGUnit` 0 is mg/dL, 1 is mmol/L); times are the local
 * wall clock written as epoch seconds, with the offset in `TimeZone`; 0 stands for what was not measured.
 */
import { minuteMs } from '../../foundation/index.ts'
import { type Extra, normaliseSource, type Source, withRecordVersion } from '../../records/index.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  own,
  readValues,
  textAt,
} from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'

const app = 'iHealth'
const sources: Readonly<Record<string, Source>> = {
  Manual: normaliseSource({ name: app }),
  FromDevice: normaliseSource({ name: app, device: 'iHealth device' }),
}
const maxOffsetMin = 18 * 60

/** Units by code of the API. */
const units = {
  BPUnit: ['mm[Hg]', 'kPa'],
  BGUnit: ['mg/dL', 'mmol/L'],
  WeightUnit: ['kg', '[lb_av]', '[stone_av]'],
  DistanceUnit: ['km', '[mi_i]'],
} as const

const lists = [
  'BPDataList',
  'BGDataList',
  'BODataList',
  'WeightDataList',
  'ARDataList',
  'SRDataList',
  'SPORTDataList',
] as const

/** A value of an entry: its key, the metric, the unit or the key of the unit's code. */
type Single = readonly [key: string, metric: string, unit: string]

const singles: Readonly<Record<(typeof lists)[number], readonly Single[]>> = {
  BPDataList: [['HR', 'heart_rate', '/min']],
  BGDataList: [['BG', 'glucose', 'BGUnit']],
  BODataList: [
    ['BO', 'oxygen_saturation', '%'],
    ['HR', 'heart_rate', '/min'],
  ],
  WeightDataList: [
    ['WeightValue', 'weight', 'WeightUnit'],
    ['BMI', 'bmi', 'kg/m2'],
    ['FatValue', 'body_fat', '%'],
    ['WaterValue', 'body_water', '%'],
  ],
  ARDataList: [
    ['Steps', 'steps', '{steps}'],
    ['DistanceTraveled', 'distance_walking_running', 'DistanceUnit'],
  ],
  SRDataList: [
    ['HoursSlept', 'sleep_total', 'min'],
    ['SleepEfficiency', 'sleep_efficiency', '%'],
    ['Awaken', 'sleep_awakenings', '{count}'],
    ['FallSleep', 'sleep_latency', 'min'],
  ],
  SPORTDataList: [],
}

/** Facts kept beside the values of an entry. */
const facts = [
  'BPL',
  'IsArr',
  'DinnerSituation',
  'DrugSituation',
  'Calories',
  'DCI',
  'BoneValue',
  'MuscaleValue',
  'SportName',
] as const

interface When {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

export async function readIHealth(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const measurements = new Measurements(intake)
  await readValues(member, intake, totalBytes, (value, where) => {
    for (const list of lists) {
      for (const [index, entry] of listAt(value, list).entries()) {
        new EntryReader(intake, measurements, value, list).take(
          entry,
          jsonPlace(entry, `${where}#/${list}/${index}`),
        )
      }
    }
  })
}

class EntryReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #answer: unknown
  readonly #list: (typeof lists)[number]

  constructor(intake: Intake, measurements: Measurements, answer: unknown, list: (typeof lists)[number]) {
    this.#intake = intake
    this.#measurements = measurements
    this.#answer = answer
    this.#list = list
  }

  take(entry: unknown, place: Place): void {
    const when = isObject(entry) ? this.#when(entry) : undefined
    if (!isObject(entry) || !when) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    const changedMs = numberAt(entry, 'LastChangeTime') * 1000
    const extra = withRecordVersion(extraOf(entry), textAt(entry, 'DataID'), changedMs)
    const source = sources[textAt(entry, 'DataSource')] ?? (sources['Manual'] as Source)
    let values = this.#pressure(entry, when, source, extra, place) + this.#workout(when, source, extra, place)
    for (const [key, metric, unitOrCode] of singles[this.#list]) {
      const value = numberAt(entry, key)
      if (Number.isNaN(value) || value === 0) continue
      values++
      const unit = unitOrCode.endsWith('Unit') ? this.#unit(unitOrCode as keyof typeof units) : unitOrCode
      if (unit === undefined)
        this.#measurements.refuse(`the code of its unit (${unitOrCode}) is not known`, place, 'UNIT')
      else this.#measurements.take({ metric, unit, source, ...when, value, extra }, place)
    }
    if (values === 0) this.#measurements.unmapped(`iHealth ${this.#list}`, when.startMs, place)
  }

  #pressure(entry: JsonObject, when: When, source: Source, extra: Extra, place: Place): number {
    if (this.#list !== 'BPDataList') return 0
    const unit = this.#unit('BPUnit')
    if (unit === undefined)
      this.#measurements.refuse('the code of its unit (BPUnit) is not known', place, 'UNIT')
    else {
      const [value, second] = [numberAt(entry, 'HP'), numberAt(entry, 'LP')]
      this.#measurements.take(
        { metric: 'blood_pressure', unit, source, ...when, value, second, extra },
        place,
      )
    }
    return 1
  }

  #workout(when: When, source: Source, extra: Extra, place: Place): number {
    if (this.#list !== 'SPORTDataList') return 0
    const value = when.durationMs / minuteMs
    this.#measurements.take({ metric: 'workout', unit: 'min', source, ...when, value, extra }, place)
    return 1
  }

  #unit(name: keyof typeof units): string | undefined {
    return units[name][numberAt(this.#answer, name)]
  }

  #when(entry: JsonObject): When | undefined {
    const isInterval = this.#list === 'SRDataList' || this.#list === 'SPORTDataList'
    const prefix = this.#list === 'SPORTDataList' ? 'Sport' : ''
    const start = numberAt(entry, isInterval ? `${prefix}StartTime` : 'MDate')
    const end = isInterval ? numberAt(entry, `${prefix}EndTime`) : start
    if (Number.isNaN(start) || Number.isNaN(end)) return undefined
    const wallMs = start * 1000
    const durationMs = (end - start) * 1000
    const stated = offsetOf(own(entry, 'TimeZone'))
    if (stated !== undefined) return { startMs: wallMs - stated * minuteMs, durationMs, offsetMin: stated }
    const zone = this.#intake.zone()
    const startMs = zone.instantOf(wallMs)
    return { startMs, durationMs, offsetMin: zone.at(startMs) }
  }
}

/** Minutes of `-0700`, or of whole hours (`-8`). */
function offsetOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.abs(value) <= 18 ? value * 60 : undefined
  const match = typeof value === 'string' ? /^([+-])(\d{2}):?(\d{2})$/.exec(value) : null
  if (!match) return undefined
  const size = Number(match[2]) * 60 + Number(match[3])
  if (size > maxOffsetMin) return undefined
  return match[1] === '-' ? -size : size
}

function extraOf(entry: JsonObject): Extra {
  const note = textAt(entry, 'Note')
  const context = textAt(entry, 'DinnerSituation') || textAt(entry, 'SportName')
  const meta: Record<string, string> = {}
  for (const name of facts) {
    const value = own(entry, name)
    if ((typeof value === 'string' && value !== '') || (typeof value === 'number' && value !== 0))
      meta[name] = String(value)
  }
  return {
    ...(note === '' ? {} : { note }),
    ...(context === '' ? {} : { context: context.toLowerCase().replaceAll(/[ ,]+/g, '_') }),
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
  }
}
