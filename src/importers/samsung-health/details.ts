/** Files of a Samsung Health export that rows name: minutes of a measurement, samples and the route of an exercise. */
import { minuteMs } from '../../foundation/index.ts'
import type { Source } from '../../records/index.ts'
import { type SportMetrics, sportMetrics } from '../activity-sports.ts'
import type { InputMember } from '../importer.ts'
import { isObject, numberAt, readValues } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { DaySpan } from '../local-days.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { attachmentOf, wholeMember } from '../whole-member.ts'
import { type DetailOrigin, type SamsungContext, typeName } from './context.ts'
import { type DetailSpec, details, type ValueColumn } from './tables.ts'

const binMs = 10 * minuteMs
const maxFileBytes = 16 * 1024 * 1024
/** Longer ones are attached as files instead of being kept as text. */
const maxTextBytes = 200 * 1024
const folder = /(?:^|\/)(com\.samsung\.[\w.]+)\/(?:[^/]\/)?[^/]+$/i
const kindInName = /\.([a-z_]+)\.json$/i

export async function readDetail(
  member: InputMember,
  totalBytes: number | null,
  context: SamsungContext,
): Promise<void> {
  const label = memberLabel(member.name)
  const origin = context.originOf(label)
  const dataType = origin?.dataType ?? folder.exec(member.name)?.[1] ?? ''
  const kind = origin?.column ?? kindInName.exec(label)?.[1] ?? ''
  const spec = specOf(dataType, kind, origin)
  if (!spec || (spec.isBins && !origin?.day)) {
    await keepFile(member, totalBytes, context, dataType, kind)
    return
  }
  const source = origin?.source ?? context.total
  const reader = new DetailReader(context, spec, source, origin)
  let number = 0
  await readValues(member, context.intake, totalBytes, (value) => {
    reader.take(value, number, jsonPlace(value, `${label}:item ${++number}`))
    if (context.intake.full) context.intake.flush()
  })
}

function specOf(dataType: string, kind: string, origin: DetailOrigin | undefined): DetailSpec | undefined {
  const key = `${dataType}/${kind}`
  if (Object.hasOwn(details, key)) return details[key]
  if (!/exercise$/.test(dataType) || kind !== 'live_data') return undefined
  return { values: liveColumns(sportMetrics(origin?.sport ?? '')) }
}

/** Samples of an exercise: what of them is a metric follows from its kind. Steps of its cadence are steps a minute. */
function liveColumns({ speed, cadence, power }: SportMetrics): readonly ValueColumn[] {
  const column = (name: string, metric: string | undefined, unit: string): readonly ValueColumn[] =>
    metric === undefined ? [] : [{ column: name, metric, unit }]
  return [
    ...column('heart_rate', 'heart_rate', '/min'),
    ...column('speed', speed, 'm/s'),
    ...column('cadence', cadence, '/min'),
    ...column('power', power, 'W'),
  ]
}

class DetailReader {
  readonly #context: SamsungContext
  readonly #spec: DetailSpec
  readonly #source: Source
  readonly #offsetMin: number
  readonly #day: DaySpan | undefined

  constructor(context: SamsungContext, spec: DetailSpec, source: Source, origin: DetailOrigin | undefined) {
    this.#context = context
    this.#spec = spec
    this.#source = source
    this.#offsetMin = origin?.offsetMin ?? Number.NaN
    this.#day = origin?.day
  }

  take(item: unknown, index: number, place: Place): void {
    const { measurements } = this.#context
    if (!isObject(item)) {
      measurements.refuse('it is no object', place)
      return
    }
    const span = this.#spec.isBins ? this.#binSpan(item, index) : this.#itemSpan(item)
    let taken = 0
    for (const { column, metric, unit, hasZero } of this.#spec.values) {
      const value = numberAt(item, column)
      if (!(hasZero ? value >= 0 : value > 0)) continue
      taken++
      measurements.take({ metric, unit, source: this.#source, ...span, value }, place)
    }
    // Parts of the day without a step, moments at which nothing was measured: the file is full of them.
    if (taken === 0 && !this.#spec.isBins)
      measurements.unmapped('samsung-health empty sample', span.startMs, place)
  }

  #itemSpan(item: unknown): DaySpan {
    const startMs = numberAt(item, 'start_time')
    const endMs = numberAt(item, 'end_time')
    const durationMs = endMs > startMs ? endMs - startMs : 0
    return { startMs, durationMs, offsetMin: this.#context.offsetAt(startMs, this.#offsetMin) }
  }

  #binSpan(item: unknown, index: number): DaySpan {
    const day = this.#day as DaySpan
    const stated = numberAt(item, 'mTimeUnit')
    const durationMs = stated > 0 ? stated : binMs
    const written = numberAt(item, 'mStartTime')
    const startMs = written > 0 ? written : day.startMs + index * durationMs
    return { startMs, durationMs, offsetMin: this.#context.offsetAt(startMs, Number.NaN) }
  }
}

/** A file without a metric is kept: short ones as text, routes and long ones as files. */
async function keepFile(
  member: InputMember,
  totalBytes: number | null,
  context: SamsungContext,
  dataType: string,
  kind: string,
): Promise<void> {
  const { intake } = context
  const bytes = await wholeMember(member, maxFileBytes, intake, totalBytes)
  if (!bytes || bytes.length === 0 || !intake.begin(0)) return
  const isRoute = /^location_data/.test(kind)
  const name = isRoute ? 'workout-route' : `${typeName(dataType)} ${kind}`.trim().slice(0, 80)
  if (isRoute || bytes.length > maxTextBytes) {
    intake.attach(name, attachmentOf(member.name, 'application/json', bytes))
  } else {
    intake.keep(name, memberLabel(member.name), null, () => Buffer.from(bytes).toString('utf8'))
  }
}
