/** Reads a data stream: a file of `All Data`, or a dataset of the REST API, point by point. */
import { minuteMs } from '../../foundation/index.ts'
import { type Extra, type Source, withRecordVersion } from '../../records/index.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { arrayWithin } from '../json/array-within.ts'
import { isObject, jsonHead, listAt, numberAt, own, readValues, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { shortestFloat } from '../track-file.ts'
import { type Coded, codes, nutrients, type Quantity, quantities } from './data-types.ts'
import { readingSource, type StreamName, streamName, sumSource } from './streams.ts'

const pointsList = /"(?:Data Points|point)"\s*:\s*/
const streamKey = /"(?:Data Source|dataSourceId)"\s*:\s*"((?:[^"\\]|\\.){1,1000})"/
const namespace = 'com.google.'
const nanosPerMs = 1e6
const maxSources = 1000
const maxText = 200

/** The stream that a file holds; undefined when it is none. */
export function streamOf(head: Uint8Array): StreamName | undefined {
  const text = jsonHead(head)
  if (!pointsList.test(text)) return undefined
  const match = streamKey.exec(text)
  if (match) return streamName(match[1] as string)
  // The name may stand behind the points, which tell their type themselves.
  return /"dataTypeName"\s*:\s*"com\.google\./.test(text) ? streamName('') : undefined
}

export async function readStream(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const head = await member.head()
  const list = arrayWithin(member, head, pointsList)
  const reader = new PointReader(intake, streamOf(head) ?? streamName(''))
  const label = memberLabel(member.name)
  let number = 0
  await readValues(list ?? member, intake, totalBytes, (value) => {
    reader.take(value, jsonPlace(value, `${label}:point ${++number}`))
    if (intake.full) intake.flush()
  })
}

interface Span {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

/** A field of a point: `{"value":{"intVal":1}}` in a Takeout, `{"intVal":1}` in answers of the API. */
type Field = unknown

class PointReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #stream: StreamName
  readonly #sources = new Map<string, Source>()
  /** When the point that is taken was last written; NaN where it does not say. */
  #changedMs = Number.NaN

  constructor(intake: Intake, stream: StreamName) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#stream = stream
  }

  take(point: unknown, place: Place): void {
    if (!isObject(point)) {
      this.#measurements.refuse('it is no object', place)
      return
    }
    const full = textAt(point, 'dataTypeName') || this.#stream.dataType
    const type = full.startsWith(namespace) ? full.slice(namespace.length) : full
    const span = this.#span(nanosAt(point, 'startTimeNanos'), nanosAt(point, 'endTimeNanos'))
    const fields = fieldsOf(point)
    const origin = textAt(point, 'originDataSourceId')
    this.#changedMs = numberAt(point, 'modifiedTimeMillis')
    const quantity = Object.hasOwn(quantities, type) ? quantities[type] : undefined
    if (quantity) this.#quantity(quantity, fields, span, origin, type, place)
    else if (Object.hasOwn(codes, type)) this.#code(type, fields, span, origin, place)
    else if (type === 'blood_pressure') this.#pressure(fields, span, origin, place)
    else if (type === 'active_minutes') this.#moveMinutes(fields, span, place)
    else if (type === 'nutrition') this.#nutrition(fields, span, origin, place)
    else this.#unmapped(type, span, place)
  }

  #quantity(
    quantity: Quantity,
    fields: readonly Field[],
    span: Span,
    origin: string,
    type: string,
    place: Place,
  ): void {
    const { metric, unit, isSum, isSensed, zeroIsNone } = quantity
    const value = fieldNumber(fields[0])
    if (zeroIsNone && !(value > 0)) {
      this.#unmapped(type, span, place)
      return
    }
    const source = isSum ? this.#sumSource(false) : this.#readingSource(origin)
    const said = type === 'blood_glucose' ? glucoseContext(fields) : {}
    const extra = isSensed ? said : this.#versioned(said, source)
    this.#measurements.take({ metric, unit, source, value, extra, ...span }, place)
  }

  #code(type: string, fields: readonly Field[], span: Span, origin: string, place: Place): void {
    const table = codes[type] as Readonly<Record<number, Coded>>
    const code = fieldNumber(fields[0])
    const coded = Object.hasOwn(table, code) ? table[code] : undefined
    if (!coded) {
      this.#unmapped(type, span, place)
      return
    }
    const { metric, unit } = coded
    const source = unit === 's' ? this.#sumSource(type === 'activity.segment') : this.#readingSource(origin)
    const value = coded.value ?? span.durationMs / 1000
    const extra = this.#versioned({}, source)
    this.#measurements.take({ metric, unit, source, value, extra, ...span }, place)
  }

  #pressure(fields: readonly Field[], span: Span, origin: string, place: Place): void {
    const [value, second] = [fieldNumber(fields[0]), fieldNumber(fields[1])]
    if (!(value > 0) || !(second > 0)) {
      this.#unmapped('blood_pressure', span, place)
      return
    }
    const source = this.#readingSource(origin)
    const pressure = { metric: 'blood_pressure', unit: 'mm[Hg]', value, second }
    this.#measurements.take({ source, extra: this.#versioned({}, source), ...span, ...pressure }, place)
  }

  /** Minutes, as Takeouts have them; the documentation says milliseconds, which are too many for minutes of the interval. */
  #moveMinutes(fields: readonly Field[], span: Span, place: Place): void {
    const written = fieldNumber(fields[0])
    const isMinutes = (written - 1) * minuteMs <= span.durationMs
    if (!isMinutes && written > span.durationMs) {
      this.#measurements.refuse('it is longer than its interval', place)
      return
    }
    const source = this.#sumSource(false)
    const base = { metric: 'move_time', source, extra: this.#versioned({}, source), ...span }
    this.#measurements.take({ unit: isMinutes ? 'min' : 'ms', value: written, ...base }, place)
  }

  #nutrition(fields: readonly Field[], span: Span, origin: string, place: Place): void {
    const source = this.#readingSource(origin)
    const food = fields.map((field) => textAt(innerOf(field), 'stringVal')).find((text) => text !== '')
    const extra = this.#versioned(food === undefined ? {} : { note: food.slice(0, maxText) }, source)
    let taken = 0
    for (const entry of fields.flatMap((field) => listAt(innerOf(field), 'mapVal'))) {
      const key = textAt(entry, 'key')
      const value = fieldNumber(own(entry, 'value'))
      const nutrient = Object.hasOwn(nutrients, key) ? nutrients[key] : undefined
      if (!nutrient || Number.isNaN(value)) continue
      taken++
      const [metric, unit] = nutrient
      // A meal is eaten at its start; its interval must not cover another meal.
      const { startMs, offsetMin } = span
      this.#measurements.take({ metric, unit, source, startMs, offsetMin, value, extra }, place)
    }
    if (taken === 0) this.#unmapped('nutrition', span, place)
    else if (this.#intake.begin(0)) {
      this.#intake.keep('google-fit nutrition', place.where(), span.startMs, place.raw)
    }
  }

  #unmapped(type: string, { startMs }: Span, place: Place): void {
    this.#measurements.unmapped(`google-fit ${type || 'point'}`.slice(0, 80), startMs, place)
  }

  /** A point without a start is an instant at its end. */
  #span(startNanos: number, endNanos: number): Span {
    const endMs = Math.round(endNanos / nanosPerMs)
    const startMs = startNanos > 0 ? Math.round(startNanos / nanosPerMs) : endMs
    const offsetMin = this.#intake.zone().at(Number.isFinite(startMs) ? startMs : 0)
    return { startMs, durationMs: Number.isFinite(endMs) ? endMs - startMs : 0, offsetMin }
  }

  /** A stream has one point of a start: what is written there later replaces it (REST, Users.dataSources.datasets). */
  #versioned(extra: Extra, { app, device }: Source): Extra {
    return withRecordVersion(extra, device === '' ? app : `${app} ${device}`, this.#changedMs)
  }

  #sumSource(isActivity: boolean): Source {
    return this.#known(isActivity ? 'activities' : 'sums', () => sumSource(this.#stream, isActivity))
  }

  #readingSource(origin: string): Source {
    return this.#known(`reading ${origin}`, () => {
      const named = streamName(origin)
      return readingSource(named.dataType === '' ? this.#stream : named)
    })
  }

  /** Sources are compared by identity further on. */
  #known(key: string, make: () => Source): Source {
    let source = this.#sources.get(key)
    if (!source) {
      source = make()
      if (this.#sources.size < maxSources) this.#sources.set(key, source)
    }
    return source
  }
}

/** Nanoseconds as a number (exact to 256 ns), also of the texts of the API. */
function nanosAt(point: unknown, key: string): number {
  const found = own(point, key)
  if (typeof found === 'string') return /^\d{1,20}$/.test(found) ? Number(found) : Number.NaN
  return numberAt(point, key)
}

function fieldsOf(point: unknown): readonly Field[] {
  const fields = listAt(point, 'fitValue')
  return fields.length > 0 ? fields : listAt(point, 'value')
}

function innerOf(field: Field): unknown {
  return own(field, 'value') ?? field
}

/** 32-bit numbers as the decimals that they were entered as: 72.4000015258789 → 72.4. */
function fieldNumber(field: Field): number {
  const inner = innerOf(field)
  const whole = numberAt(inner, 'intVal')
  return Number.isNaN(whole) ? shortestFloat(numberAt(inner, 'fpVal')) : whole
}

const mealRelations: Readonly<Record<number, string>> = { 2: 'fasting', 3: 'before meal', 4: 'after meal' }

function glucoseContext(fields: readonly Field[]): Extra {
  const relation = mealRelations[fieldNumber(fields[1])]
  return relation === undefined ? {} : { context: relation }
}
