/**
 * Unit texts of Apple Health exports and the units that metrics accept.
 *
 * The texts are `HKUnit` strings in the person's display units. A unit is only ever renamed here, never converted:
 * the series keeps the numbers of the file.
 */
import type { AcceptedUnit, Metric } from '../../metrics/index.ts'

/** HKUnit text → UCUM codes to look for among the metric's accepted units, in order. */
const ucumByText: Readonly<Record<string, readonly string[]>> = {
  kg: ['kg'],
  g: ['g'],
  mg: ['mg'],
  mcg: ['ug'],
  lb: ['[lb_av]'],
  oz: ['[oz_av]'],
  st: ['[stone_av]'],
  km: ['km'],
  m: ['m'],
  cm: ['cm'],
  mm: ['mm'],
  mi: ['[mi_i]'],
  yd: ['[yd_i]'],
  ft: ['[ft_i]'],
  in: ['[in_i]'],
  kcal: ['kcal'],
  // HKUnit.largeCalorie is written with a capital C; `cal` is the small one.
  Cal: ['kcal'],
  kJ: ['kJ'],
  degC: ['Cel'],
  degF: ['[degF]'],
  K: ['K'],
  ms: ['ms'],
  s: ['s'],
  min: ['min'],
  hr: ['h'],
  'count/min': ['/min'],
  'count/hr': ['/h'],
  mmHg: ['mm[Hg]'],
  kPa: ['kPa'],
  'mg/dL': ['mg/dL'],
  'mg/dl': ['mg/dL'],
  'mmol/L': ['mmol/L'],
  'mL/min·kg': ['mL/kg/min', 'mL/(kg.min)', 'mL/min/kg'],
  'mL/kg·min': ['mL/kg/min', 'mL/(kg.min)', 'mL/min/kg'],
  dBASPL: ['dB[SPL]'],
  dBHL: ['dB{HL}'],
  L: ['L'],
  mL: ['mL'],
  'L/min': ['L/min'],
  fl_oz_us: ['[foz_us]'],
  fl_oz_imp: ['[foz_br]'],
  cup_us: ['[cup_us]'],
  IU: ['[IU]', '[iU]'],
  mcS: ['uS'],
  W: ['W'],
  'm/s': ['m/s'],
  'km/hr': ['km/h'],
  'mi/hr': ['[mi_i]/h'],
  'ft/s': ['[ft_i]/s'],
  'kcal/hr·kg': ['kcal/h/kg', 'kcal/(kg.h)', '{METs}'],
  'kcal/kg·hr': ['kcal/h/kg', 'kcal/(kg.h)', '{METs}'],
  'Cal/hr·kg': ['kcal/h/kg', 'kcal/(kg.h)', '{METs}'],
}

/** Glucose: the molar mass of glucose is part of the unit's text. */
const molarGlucose = /^mmol<180\.\d+>\/L$/

/** The metric's unit for an HKUnit text; undefined when the metric accepts none of that name. */
export function appleUnit(metric: Metric, text: string): AcceptedUnit | undefined {
  if (text === 'count')
    return isCountUnit(metric.unit) ? metric.units[0] : (accepted(metric, '{count}') ?? accepted(metric, '1'))
  if (molarGlucose.test(text)) return accepted(metric, 'mmol/L')
  if (!Object.hasOwn(ucumByText, text)) return undefined
  for (const ucum of ucumByText[text] as readonly string[]) {
    const found = accepted(metric, ucum)
    if (found) return found
  }
  return undefined
}

/** Apple writes `count` for everything that is counted, for the body mass index and for scores. */
function isCountUnit(ucum: string): boolean {
  return ucum === '1' || ucum === 'kg/m2' || /^\{[^}]*\}$/.test(ucum)
}

export function accepted(metric: Metric, ucum: string): AcceptedUnit | undefined {
  return metric.units.find((unit) => unit.ucum === ucum)
}
