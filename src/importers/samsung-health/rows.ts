/** From the rows of a Samsung Health table to measurements. */

import { growingTotalFacts, type Source } from '../../records/index.ts'
import type { DaySpan } from '../local-days.ts'
import type { Place } from '../measurements.ts'
import { allDevicesType } from './codes.ts'
import { type DetailOrigin, type SamsungContext, typeName } from './context.ts'
import type { SamsungRow } from './row.ts'
import {
  takeEcg,
  takeExercise,
  takeGlucose,
  takeMindful,
  takePressure,
  takeSleep,
  takeSnoring,
  takeStage,
} from './single.ts'
import { dailySteps, type TableSpec, tables, type ValueColumn } from './tables.ts'

type TakeRow = (context: SamsungContext, row: SamsungRow, place: Place) => void

/** Tables whose rows are more than columns of measurements. */
const special: Readonly<Record<string, TakeRow>> = {
  'com.samsung.health.sleep_stage': takeStage,
  'com.samsung.shealth.sleep': takeSleep,
  'com.samsung.health.sleep': takeSleep,
  'com.samsung.shealth.exercise': takeExercise,
  'com.samsung.health.exercise': takeExercise,
  'com.samsung.shealth.blood_pressure': takePressure,
  'com.samsung.health.blood_pressure': takePressure,
  'com.samsung.shealth.blood_glucose': takeGlucose,
  'com.samsung.health.blood_glucose': takeGlucose,
  'com.samsung.shealth.breathing': takeMindful,
  'com.samsung.shealth.sleep_snoring': takeSnoring,
  'com.samsung.health.ecg': takeEcg,
  'com.samsung.health.user_profile': takeProfile,
}

/** How the rows of a data type are taken; undefined for types without a metric. */
export function rowTaker(dataType: string): TakeRow | undefined {
  if (Object.hasOwn(special, dataType)) return special[dataType]
  if (Object.hasOwn(dailySteps, dataType)) {
    const columns = dailySteps[dataType] as readonly ValueColumn[]
    return (context, row, place) => takeSteps(context, dataType, columns, row, place)
  }
  const spec = Object.hasOwn(tables, dataType) ? tables[dataType] : undefined
  return spec && ((context, row, place) => takeRow(context, dataType, spec, row, place))
}

/** A row of a type without a metric is kept raw. */
export function keepUnmapped(context: SamsungContext, dataType: string, row: SamsungRow, place: Place): void {
  const startMs = [row.instant('start_time'), row.instant('day_time')].find(Number.isFinite)
  context.measurements.unmapped(typeName(dataType), startMs ?? null, place)
}

interface Taking {
  readonly dataType: string
  readonly source: Source
  readonly span: DaySpan
  /** Facts of a day's total. */
  readonly isTotal: boolean
  /** Readings of a sensor, which nobody edits. */
  readonly isSensed?: boolean
  /** Counts, of which there are many: those of one device and start are versions of each other. */
  readonly isCounter?: boolean
}

function takeRow(
  context: SamsungContext,
  dataType: string,
  spec: TableSpec,
  row: SamsungRow,
  place: Place,
): void {
  const span = spec.time === 'day' ? row.day(context.intake.zone()) : context.span(row, spec.time === 'span')
  if (!span) {
    context.measurements.refuse('its day cannot be read', place, 'DATE')
    return
  }
  const source = sourceOf(context, spec, row)
  if (spec.detail !== undefined) {
    const origin = { dataType, source, offsetMin: row.statedOffsetMin }
    if (context.hasDetail(row, spec.detail, origin)) return
  }
  const taking = {
    dataType,
    source,
    span,
    isTotal: spec.from === 'total',
    isSensed: spec.detail !== undefined,
    isCounter: spec.from === 'counter',
  }
  const taken = takeValues(context, taking, spec.values, row, place)
  finish(context, dataType, taken, span.startMs, spec.isKept === true, row, place)
}

function sourceOf(context: SamsungContext, { from }: TableSpec, row: SamsungRow): Source {
  if (from === 'total') return context.total
  return from === 'counter' ? context.counter(row, 'minutes') : context.reading(row)
}

/** A day of steps: the row of all devices is the total and its parts, others are what one device counted. */
function takeSteps(
  context: SamsungContext,
  dataType: string,
  columns: readonly ValueColumn[],
  row: SamsungRow,
  place: Place,
): void {
  const span = row.day(context.intake.zone())
  if (!span) {
    context.measurements.refuse('its day cannot be read', place, 'DATE')
    return
  }
  const isTotal = row.text('source_type') === allDevicesType || context.isOfAllDevices(row)
  const source = isTotal ? context.total : context.counter(row, 'device')
  if (isTotal) {
    const origin: Omit<DetailOrigin, 'column'> = {
      dataType,
      source: context.bins,
      offsetMin: Number.NaN,
      day: span,
    }
    context.hasDetail(row, 'binning_data', origin)
  }
  const taken = takeValues(context, { dataType, source, span, isTotal: true }, columns, row, place)
  finish(context, dataType, taken, span.startMs, false, row, place)
}

/** Takes the columns that hold a measurement; how many there are. */
function takeValues(
  context: SamsungContext,
  { source, span, isTotal, isSensed, isCounter }: Taking,
  columns: readonly ValueColumn[],
  row: SamsungRow,
  place: Place,
): number {
  let taken = 0
  const version = isTotal || isSensed ? {} : row.versioned({}, isCounter ? source.app : undefined)
  for (const { column, metric, unit, hasZero } of columns) {
    const text = row.text(column)
    const value = row.number(column)
    // What is no number at all is refused with the others; −1 and zero say that there is none.
    const isNone = text === '' || text === '-1' || text === '-1.0' || (!hasZero && value === 0)
    if (isNone) continue
    taken++
    const extra = isTotal && value >= 0 ? { meta: growingTotalFacts(source.app, value) } : version
    context.measurements.take({ metric, unit, source, value, extra, ...span }, place)
  }
  return taken
}

function finish(
  context: SamsungContext,
  dataType: string,
  taken: number,
  startMs: number,
  isKept: boolean,
  row: SamsungRow,
  place: Place,
): void {
  if (taken === 0) context.measurements.unmapped(typeName(dataType), startMs, place)
  else if (isKept) context.keepRow(dataType, startMs, row, place)
}

/** The account's own facts are offered to the profile; the row is kept. */
function takeProfile(context: SamsungContext, row: SamsungRow, place: Place): void {
  const key = row.text('key')
  const text = row.text('text_value')
  const where = place.where()
  const birth = key === 'birth_date' ? /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) : null
  if (birth) {
    context.intake.offer({ field: 'dateOfBirth', value: birth.slice(1).join('-'), where })
  }
  const sex = key === 'gender' ? { M: 'male', F: 'female' }[text] : undefined
  if (sex !== undefined) context.intake.offer({ field: 'sex', value: sex, where })
  context.measurements.unmapped('samsung-health user_profile', null, place)
}
