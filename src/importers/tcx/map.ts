/** From the points and laps of a TCX activity to measurements. */
import type { Extra } from '../../records/index.ts'
import type { DeviceSources } from '../activity-sources.ts'
import { snakeCase, sportMetrics } from '../activity-sports.ts'
import type { Intake } from '../intake.ts'
import type { Measurements } from '../measurements.ts'
import { linePlace } from '../track-file.ts'

export interface LapTotals {
  readonly startMs: number
  seconds: number
  meters: number
  calories: number
}

export interface TcxActivity {
  readonly sport: string
  /** Stands behind the laps in the file. */
  device: string
  startMs: number
  readonly line: number
  readonly laps: LapTotals[]
  readonly points: ActivityPoints
}

const fields = ['ms', 'heartRate', 'cadence', 'power', 'speed'] as const
type PointField = (typeof fields)[number]

/** Points held until the activity ends: five days at one a second. */
const maxPoints = 432_000
const initialPoints = 1024

/** Points of an activity in columns; NaN where a point has no such value, infinity where it is written but no number. */
export class ActivityPoints {
  length = 0
  lastMs = Number.NaN
  firstMs = Number.NaN
  #lines = new Uint32Array(initialPoints)
  readonly #columns = new Map<PointField, Float64Array<ArrayBuffer>>(
    fields.map((field) => [field, new Float64Array(initialPoints)]),
  )

  get isFull(): boolean {
    return this.length >= maxPoints
  }

  begin(line: number): void {
    if (this.length === this.#lines.length) this.#grow()
    for (const column of this.#columns.values()) column[this.length] = Number.NaN
    this.#lines[this.length] = line
    this.length++
  }

  /** Sets a value of the last point. */
  set(field: PointField, value: number): void {
    if (this.length === 0) return
    const written = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
    const column = this.#columns.get(field) as Float64Array<ArrayBuffer>
    column[this.length - 1] = written
    if (field !== 'ms' || Number.isNaN(value)) return
    if (Number.isNaN(this.firstMs)) this.firstMs = value
    this.lastMs = value
  }

  value(field: PointField, point: number): number {
    return (this.#columns.get(field) as Float64Array)[point] as number
  }

  line(point: number): number {
    return this.#lines[point] as number
  }

  clear(): void {
    this.length = 0
  }

  #grow(): void {
    const length = this.#lines.length * 2
    const lines = new Uint32Array(length)
    lines.set(this.#lines)
    this.#lines = lines
    for (const [field, column] of this.#columns) {
      const grown = new Float64Array(length)
      grown.set(column)
      this.#columns.set(field, grown)
    }
  }
}

export interface TcxContext {
  readonly intake: Intake
  readonly measurements: Measurements
  readonly label: string
}

/** Gives points, and of a whole activity the workout and its distance, their outcomes. */
export function takeActivity(
  context: TcxContext,
  activity: TcxActivity,
  sources: DeviceSources,
  isWhole: boolean,
): void {
  takePoints(context, activity, sources)
  if (isWhole) takeWorkout(context, activity, sources)
}

function takePoints(context: TcxContext, { points, sport }: TcxActivity, sources: DeviceSources): void {
  const { intake, measurements, label } = context
  const metrics = sportMetrics(sport)
  const readings = [
    ['heartRate', 'heart_rate', '/min', 1, false],
    ['cadence', metrics.cadence, '/min', metrics.cadenceFactor ?? 1, false],
    ['speed', metrics.speed, 'm/s', 1, false],
    // No power while coasting is a measurement.
    ['power', metrics.power, 'W', 1, metrics.power === 'cycling_power'],
  ] as const
  const zone = intake.zone()
  for (let point = 0; point < points.length; point++) {
    const ms = points.value('ms', point)
    const startMs = Number.isFinite(ms) ? ms : Number.NaN
    const offsetMin = zone.at(Number.isNaN(startMs) ? 0 : startMs)
    let taken = 0
    for (const [field, metric, unit, factor, hasZero] of readings) {
      const value = points.value(field, point)
      if (metric === undefined || !(hasZero ? value >= 0 : value > 0)) continue
      taken++
      const place = linePlace(label, points.line(point), `${field} ${value}`)
      measurements.take(
        { metric, unit, source: sources.readings, startMs, offsetMin, value: value * factor },
        place,
      )
    }
    if (taken === 0) measurements.unmappedInFile('Trackpoint', startMs)
  }
  points.clear()
}

function takeWorkout(context: TcxContext, activity: TcxActivity, sources: DeviceSources): void {
  const { measurements, label, intake } = context
  const { laps, points } = activity
  const startMs =
    [laps[0]?.startMs, activity.startMs, points.firstMs].find((ms) => Number.isFinite(ms)) ?? Number.NaN
  const place = linePlace(label, activity.line, activity.sport)
  const seconds = sum(laps.map((lap) => lap.seconds))
  const reachMs = points.lastMs - startMs
  if (!(seconds > 0) && !(reachMs > 0)) {
    measurements.refuse('it has no duration', place)
    return
  }
  const durationMs = Math.max(...[seconds * 1000, reachMs].filter((ms) => ms > 0))
  const offsetMin = intake.zone().at(Number.isNaN(startMs) ? 0 : startMs)
  const meters = sum(laps.map((lap) => lap.meters))
  const sport = snakeCase(activity.sport)
  const base = { source: sources.activities, startMs, durationMs, offsetMin }
  const extra = workoutExtra(activity, sport, meters)
  const value = seconds > 0 ? seconds : durationMs / 1000
  measurements.take({ metric: 'workout', unit: 's', value: rounded(value), extra, ...base }, place)
  const metric = sportMetrics(activity.sport).distance
  if (metric === undefined || !(meters > 0)) return
  measurements.take({ metric, unit: 'm', value: rounded(meters), extra: contextOf(sport), ...base }, place)
}

function workoutExtra({ laps }: TcxActivity, sport: string, meters: number): Extra {
  const meta: Record<string, string> = { laps: String(laps.length) }
  if (meters > 0) meta['totalDistance'] = `${rounded(meters)} m`
  const calories = sum(laps.map((lap) => lap.calories))
  if (calories > 0) meta['totalCalories'] = `${calories} kcal`
  return { ...contextOf(sport), meta }
}

/** `Other` says nothing. */
function contextOf(sport: string): Extra {
  return sport === '' || sport === 'other' ? {} : { context: sport }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => (value > 0 ? total + value : total), 0)
}

/** Sums of laps, without the noise of adding binary fractions. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
