/**
 * From what a person or a file calls a unit to a unit that the metric accepts: first the catalogue's codes and
 * spellings (no library is loaded), then any other UCUM unit of the same kind.
 */
import { Failure } from '../foundation/index.ts'
import { metricById, printable } from './find.ts'
import type { AcceptedUnit, Affine, Metric } from './types.ts'
import { loadUcumLibrary, requireUcumLibrary, unitFromUcum } from './ucum.ts'
import { spellingKey } from './unit-names.ts'

interface UnitIndex {
  readonly byCode: ReadonlyMap<string, AcceptedUnit>
  readonly bySpelling: ReadonlyMap<string, AcceptedUnit>
}

const indexByMetric = new WeakMap<Metric, UnitIndex>()

function unitIndex(metric: Metric): UnitIndex {
  const known = indexByMetric.get(metric)
  if (known) return known
  const byCode = new Map<string, AcceptedUnit>()
  const bySpelling = new Map<string, AcceptedUnit>()
  for (const unit of metric.units) {
    byCode.set(unit.ucum, unit)
    for (const spelling of [unit.ucum, unit.label, ...unit.spellings]) {
      const key = spellingKey(spelling)
      if (!bySpelling.has(key)) bySpelling.set(key, unit)
    }
  }
  const index = { byCode, bySpelling }
  indexByMetric.set(metric, index)
  return index
}

/** `cal` is a thousandth of what people mean by calories; which one is meant must be said. */
function refuseSmallCalorie(metric: Metric, text: string): void {
  if (text.trim().toLowerCase() !== 'cal' || text.trim() === 'Cal' || metric.unit !== 'kcal') return
  throw new Failure('UNIT', '"cal" can be a calorie or a kilocalorie (Cal)', { hint: 'Write kcal.' })
}

/** The unit by code or spelling, or undefined. Loads nothing. */
export function knownUnit(metric: Metric, text: string): AcceptedUnit | undefined {
  const index = unitIndex(metric)
  return index.byCode.get(text) ?? index.bySpelling.get(spellingKey(text))
}

/**
 * A unit by UCUM code (case-sensitive) or by spelling (without case), of those in the catalogue.
 *
 * @throws Failure UNIT naming the units that the metric accepts
 */
export function resolveUnit(metric: Metric, text: string): AcceptedUnit {
  refuseSmallCalorie(metric, text)
  const found = knownUnit(metric, text)
  if (found) return found
  throw new Failure('UNIT', `"${printable(text)}" is no unit of ${metric.id}`, {
    hint: acceptedUnitsHint(metric),
  })
}

function acceptedUnitsHint(metric: Metric): string {
  const labels = metric.units.map((unit) => unit.label)
  const last = labels.pop() ?? ''
  return labels.length === 0 ? `Write ${last}.` : `Write ${labels.join(', ')} or ${last}.`
}

/**
 * As `resolveUnit`, and beyond it any UCUM unit commensurable with one that the metric accepts. Mass and molar
 * concentrations convert only through the metric's own units, so with the analyte's own factor.
 *
 * @throws Failure UNIT
 */
export async function resolveUnitWithUcum(metric: Metric, text: string): Promise<AcceptedUnit> {
  refuseSmallCalorie(metric, text)
  const found = knownUnit(metric, text)
  if (found) return found
  return remembered(metric, text, unitFromUcum(await loadUcumLibrary(), metric, text))
}

const conversionByKey = new Map<string, AcceptedUnit>()

function remembered(metric: Metric, text: string, unit: AcceptedUnit | undefined): AcceptedUnit {
  if (!unit) {
    throw new Failure('UNIT', `"${printable(text)}" is no unit of ${metric.id}`, {
      hint: acceptedUnitsHint(metric),
    })
  }
  conversionByKey.set(`${metric.id} ${unit.ucum}`, unit)
  return unit
}

/**
 * The conversion from a UCUM code to the metric's canonical unit: canonical = factor · value + offset. Memoised.
 * A code outside the catalogue loads the UCUM library once.
 *
 * @throws Failure UNKNOWN_METRIC or UNIT
 */
export function conversion(metricId: string, ucum: string): Affine {
  const key = `${metricId} ${ucum}`
  const known = conversionByKey.get(key)
  if (known) return known
  const metric = metricById(metricId)
  if (!metric) {
    throw new Failure('UNKNOWN_METRIC', `there is no metric "${printable(metricId)}"`, {
      hint: 'healthmate metrics',
    })
  }
  const listed = unitIndex(metric).byCode.get(ucum)
  const unit = listed ?? remembered(metric, ucum, unitFromUcum(requireUcumLibrary(), metric, ucum))
  conversionByKey.set(key, unit)
  return unit
}

/** The value in the metric's canonical unit. */
export function toCanonical(_metric: Metric, unit: Affine, value: number): number {
  return unit.factor * value + unit.offset
}

/** A canonical value in another unit. */
export function fromCanonical(_metric: Metric, unit: Affine, value: number): number {
  return (value - unit.offset) / unit.factor
}
