/**
 * Sets of units that many rows share; the first of each set is the canonical unit.
 *
 * Exact by definition: pound 0.45359237 kg, inch 2.54 cm, mile 1609.344 m, °F = 1.8 °C + 32, thermochemical
 * kilocalorie 4.184 kJ, US fluid ounce 29.5735295625 mL, imperial fluid ounce 28.4130625 mL. mmHg: 133.322 Pa (UCUM).
 */
import type { AcceptedUnit } from '../types.ts'
import { unit } from '../unit-names.ts'

export type Units = readonly AcceptedUnit[]

/** Catalogue percent is 0–100; ratios of files that state them come as unit `1`. */
export const percent: Units = [unit('%'), unit('1', 100)]
export const perMinute: Units = [unit('/min')]
export const count: Units = [unit('{count}'), unit('1')]
export const score: Units = [unit('{score}'), unit('1')]
export const grade: Units = [unit('{grade}'), unit('1')]
export const massKg: Units = [
  unit('kg'),
  unit('[lb_av]', 0.45359237),
  unit('[stone_av]', 6.35029318),
  unit('g', 0.001),
  unit('[oz_av]', 0.028349523125),
]
export const lengthCm: Units = [
  unit('cm'),
  unit('[in_i]', 2.54),
  unit('[ft_i]', 30.48),
  unit('m', 100),
  unit('mm', 0.1),
]
export const distanceKm: Units = [
  unit('km'),
  unit('[mi_i]', 1.609344),
  unit('m', 0.001),
  unit('[yd_i]', 0.0009144),
  unit('[ft_i]', 0.0003048),
  unit('cm', 0.00001),
]
export const distanceM: Units = [
  unit('m'),
  unit('[yd_i]', 0.9144),
  unit('[ft_i]', 0.3048),
  unit('km', 1000),
  unit('[mi_i]', 1609.344),
  unit('cm', 0.01),
]
export const speed: Units = [
  unit('m/s'),
  unit('km/h', 1 / 3.6),
  unit('[mi_i]/h', 0.44704),
  unit('[ft_i]/s', 0.3048),
]
export const energy: Units = [unit('kcal'), unit('kJ', 1 / 4.184)]
export const minutes: Units = [unit('min'), unit('h', 60), unit('s', 1 / 60), unit('ms', 1 / 60000)]
export const seconds: Units = [unit('s'), unit('ms', 0.001), unit('min', 60)]
export const milliseconds: Units = [unit('ms'), unit('s', 1000)]
export const temperature: Units = [unit('Cel'), unit('[degF]', 5 / 9, -160 / 9), unit('K', 1, -273.15)]
/** Differences have no zero point: 1 °F is 5/9 °C. */
export const temperatureDifference: Units = [unit('Cel'), unit('[degF]', 5 / 9), unit('K')]
export const pressure: Units = [unit('mm[Hg]'), unit('kPa', 1000 / 133.322)]
export const fluid: Units = [
  unit('mL'),
  unit('L', 1000),
  unit('[foz_us]', 29.5735295625),
  unit('[foz_br]', 28.4130625),
  unit('[cup_us]', 236.5882365),
  unit('[pt_br]', 568.26125),
]
export const grams: Units = [unit('g'), unit('mg', 0.001), unit('[oz_av]', 28.349523125)]
export const milligrams: Units = [unit('mg'), unit('g', 1000), unit('ug', 0.001)]
export const micrograms: Units = [unit('ug'), unit('mg', 1000), unit('g', 1e6)]
/** 1 µkat = 60 U. */
export const enzyme: Units = [unit('U/L'), unit('ukat/L', 60)]
export const gramsPerDl: Units = [unit('g/dL'), unit('g/L', 0.1)]
export const cells: Units = [unit('10*3/uL'), unit('10*9/L'), unit('/uL', 0.001)]
/** mEq/L equals mmol/L for ions of one charge (Na, K, Cl, HCO3). */
export const monovalent: Units = [unit('mmol/L'), unit('meq/L')]
export const ngPerMl: Units = [unit('ng/mL'), unit('ug/L')]
export const pgPerMl: Units = [unit('pg/mL'), unit('ng/L')]

/** A mass concentration with its molar twin: `massPerMolar` canonical units for one molar unit. */
export function massAndMolar(mass: string, molar: string, massPerMolar: number): Units {
  return [unit(mass), unit(molar, massPerMolar)]
}
