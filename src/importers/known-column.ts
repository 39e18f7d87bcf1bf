/** Plans for columns whose meaning the maker's header tells. */
import { metricById } from '../metrics/index.ts'
import type { UnitPlan, ValuePlan } from './delimited/table-plan.ts'
import { acceptedUnit } from './delimited/table-reader.ts'
import type { Intake } from './intake.ts'

/** The metric in one of its units (UCUM), which the format fixes or its header names. */
export function knownValue(
  metricId: string,
  unit: string,
  cells: readonly number[],
  zeroIsNone = false,
): ValuePlan {
  const metric = metricById(metricId)
  const accepted = metric && acceptedUnit(metric, unit)
  if (!metric || !accepted) throw new TypeError(`the catalogue has no ${metricId} in ${unit}`)
  return { metric: { metric }, cells, unit: { unit: accepted }, zeroIsNone }
}

/** The metric in the unit that the person stated (`--unit`); without one its values are refused with the question. */
export function askedValue(
  intake: Intake,
  metricId: string,
  cells: readonly number[],
  question?: string,
): ValuePlan {
  const metric = metricById(metricId)
  if (!metric) throw new TypeError(`the catalogue has no ${metricId}`)
  const stated = intake.unit(metricId)
  const accepted = stated === undefined ? undefined : acceptedUnit(metric, stated)
  const choices = metric.units.map(({ ucum }) => ucum).slice(0, 4)
  const asked =
    question ?? `${metricId} has no unit: ${choices.join(', ')}? Say --unit ${metricId}=${choices[0]}`
  const unit: UnitPlan = accepted ? { unit: accepted } : { question: asked }
  return { metric: { metric }, cells, unit }
}
