/** Units and values as people want to see them. */
import { decimalText } from './decimal.ts'
import type { AcceptedUnit, Metric, UnitPreferences } from './types.ts'
import { fromCanonical, knownUnit, resolveUnit } from './unit.ts'

const poundsPerStone = 14
const inchesPerFoot = 12
const minutesPerHour = 60

/**
 * The unit in which the person sees this metric: their own choice for it, else that of their system.
 *
 * @throws Failure UNIT when the chosen unit is none of the metric's
 */
export function displayUnit(metric: Metric, preferences: UnitPreferences): AcceptedUnit {
  const chosen = preferences.overrides[metric.id] ?? systemUnit(metric, preferences)
  return resolveUnit(metric, chosen ?? metric.unit)
}

function systemUnit({ displayUnits }: Metric, { system }: UnitPreferences): string | undefined {
  if (system === 'metric') return displayUnits?.metric
  if (system === 'uk') return displayUnits?.uk ?? displayUnits?.metric
  return displayUnits?.us
}

/** Canonical values as text in a unit: `128/82 mmHg`, `81.4 kg`, `12 st 4.2 lb`, `7 h 32 min`, `negative`. */
export function formatValue(metric: Metric, canonicalValues: readonly number[], unit: AcceptedUnit): string {
  const word = wordFor(metric, canonicalValues)
  if (word !== undefined) return word
  const shown = canonicalValues.map((value) => fromCanonical(metric, unit, value))
  if (!shown.every(Number.isFinite)) return 'no number'
  const [single] = shown
  if (shown.length === 1 && single !== undefined) {
    const compound = compoundText(metric, unit, single)
    if (compound !== undefined) return compound
  }
  const digits = decimalsFor(metric, unit)
  const numbers = shown.map((value) => decimalText(value, digits)).join('/')
  return unit.ucum === '1' ? numbers : `${numbers} ${unit.label}`
}

function wordFor(metric: Metric, values: readonly number[]): string | undefined {
  if (!metric.values || values.length !== 1 || metric.category === 'symptoms') return undefined
  return Object.entries(metric.values).find(([, value]) => value === values[0])?.[0]
}

/** A unit ten times as large shows one digit more, so that the precision seen stays the same. */
export function decimalsFor(metric: Metric, unit: AcceptedUnit): number {
  const digits = metric.decimals + Math.round(Math.log10(unit.factor))
  return Math.min(6, Math.max(0, digits))
}

/** Digits that a converted number has behind those that people see: enough to compute with, too few for noise. */
const guardDigits = 3
/** A double converts to some fifteen exact digits; behind the twelfth there is noise (10.079999999999998). */
const mostDigits = 12
const leastDigits = 6

/** A canonical value in a unit, as JSON and CSV show it: without the noise of conversion. What was typed is not converted. */
export function shownNumber(metric: Metric, unit: AcceptedUnit, canonicalValue: number): number {
  const value = fromCanonical(metric, unit, canonicalValue)
  if (!Number.isFinite(value) || value === 0) return value
  const wholeDigits = Math.floor(Math.log10(Math.abs(value))) + 1
  const justified = Math.max(leastDigits, wholeDigits + decimalsFor(metric, unit) + guardDigits)
  const isCanonical = unit.factor === 1 && unit.offset === 0
  return Number(value.toPrecision(isCanonical ? mostDigits : Math.min(mostDigits, justified)))
}

function compoundText(metric: Metric, unit: AcceptedUnit, value: number): string | undefined {
  if (unit.ucum === '[stone_av]') return twoUnits(value, poundsPerStone, metric.decimals, 'st', 'lb')
  if (unit.ucum === '[ft_i]' && metric.unit === 'cm') {
    return twoUnits(value, inchesPerFoot, metric.decimals, 'ft', 'in')
  }
  const isLong = metric.combine === 'duration' && unit.ucum === 'min' && value >= minutesPerHour
  return isLong ? twoUnits(value / minutesPerHour, minutesPerHour, 0, 'h', 'min') : undefined
}

/** Rounds in the small unit first, so that 11 st 13.97 lb becomes 12 st and never 11 st 14.0 lb. */
function twoUnits(value: number, perLarge: number, digits: number, large: string, small: string): string {
  const rounded = Number(decimalText(Math.abs(value) * perLarge, digits))
  const whole = Math.floor(rounded / perLarge)
  const rest = decimalText(rounded - whole * perLarge, digits)
  const sign = value < 0 && rounded > 0 ? '-' : ''
  return `${sign}${whole} ${large} ${rest.replace(/\.0+$/, '')} ${small}`
}

/** A difference in the unit that people say it in: levels in stones and feet differ by pounds and inches. */
export function differenceIn(
  metric: Metric,
  unit: AcceptedUnit,
  difference: number,
): { readonly value: number; readonly label: string } {
  if (unit.ucum === '[stone_av]') return { value: difference * poundsPerStone, label: 'lb' }
  if (unit.ucum === '[ft_i]' && metric.unit === 'cm')
    return { value: difference * inchesPerFoot, label: 'in' }
  return { value: difference, label: unit.label }
}

/** The label of a UCUM code of this metric; the code itself where it has none. */
export function unitLabel(metric: Metric, ucum: string): string {
  return knownUnit(metric, ucum)?.label ?? ucum
}
