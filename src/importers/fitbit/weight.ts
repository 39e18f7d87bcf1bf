/** Weight logs (`weight-*.json`). */
import { metricById } from '../../metrics/index.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'
import type { Intake } from '../intake.ts'
import { type JsonObject, numberAt, textAt } from '../json/member-values.ts'
import type { Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { StampReader } from './stamp.ts'

/** Heights (m) of nearly all grown people. */
const lowestHeight = 1.35
const highestHeight = 2.1
const kgPerPound = 0.45359237
export const weightQuestion =
  'nothing tells the unit of its weight: say --unit weight=kg or --unit weight=[lb_av]'

/** Metrics that a weight log can become. */
export const weightMetrics: readonly string[] = ['bmi', 'body_fat', 'weight']

/** Takes a log, whose date and time are local. */
export function takeWeight(context: FitbitContext, value: JsonObject, place: Place): void {
  const { measurements } = context
  const at = `${textAt(value, 'date')} ${textAt(value, 'time')}`
  const stamp = new StampReader().read(at)
  const wallMs = Number.isNaN(stamp) ? (readWallTime(at)?.wallMs ?? Number.NaN) : stamp
  const { ms: startMs, offsetMin } = context.ofWall(wallMs)
  const base = { source: context.scaleSource(textAt(value, 'source')), startMs, offsetMin }
  const weight = numberAt(value, 'weight')
  const bmi = numberAt(value, 'bmi')
  const fat = numberAt(value, 'fat')
  // The Web API gives logs of body fat alone as well.
  if (!Number.isNaN(weight) || !(fat > 0)) {
    const unit = statedUnit(context.intake, 'weight') ?? weightUnit(weight, bmi)
    if (unit === undefined) measurements.refuse(weightQuestion, place, 'UNIT')
    else measurements.take({ metric: 'weight', unit, value: weight, ...base }, place)
  }
  if (bmi > 0) measurements.take({ metric: 'bmi', unit: 'kg/m2', value: bmi, ...base }, place)
  if (fat > 0) measurements.take({ metric: 'body_fat', unit: '%', value: fat, ...base }, place)
}

/**
 * Public readers of real exports found pounds, some of them the unit of the account; the file does not say it. The body
 * mass index beside the weight does: with one of the units it stands for a height that people have.
 */
export function weightUnit(weight: number, bmi: number): string | undefined {
  const isHeight = (kg: number) => {
    const height = Math.sqrt(kg / bmi)
    return height >= lowestHeight && height <= highestHeight
  }
  const isPounds = isHeight(weight * kgPerPound)
  if (isPounds === isHeight(weight)) return undefined
  return isPounds ? '[lb_av]' : 'kg'
}

/** The unit (UCUM) that the person states for a metric, if it is one of its units. */
export function statedUnit(intake: Intake, metricId: string): string | undefined {
  const stated = intake.unit(metricId)
  const metric = metricById(metricId)
  return stated === undefined || !metric ? undefined : acceptedUnit(metric, stated)?.ucum
}
