/** Types of values of app version 3 (MeasurementTypeKey, UnitType) → metric and unit. */

export interface Value {
  readonly metric: string
  /** UCUM. */
  readonly unit: string
  readonly value: number
}

const masses: Readonly<Record<string, string>> = { KG: 'kg', LB: '[lb_av]', ST: '[stone_av]' }
const lengths: Readonly<Record<string, string>> = { CM: 'cm', INCH: '[in_i]' }

/** By key: the metric for each kind of unit that the type can have. */
const types: Readonly<Record<string, readonly (readonly [string, Readonly<Record<string, string>>])[]>> = {
  WEIGHT: [['weight', masses]],
  BMI: [['bmi', { NONE: 'kg/m2' }]],
  BODY_FAT: [
    ['body_fat', { PERCENT: '%' }],
    ['fat_mass', masses],
  ],
  WATER: [
    ['body_water', { PERCENT: '%' }],
    ['body_water_mass', masses],
  ],
  // A share of muscle has no metric; a mass has.
  MUSCLE: [['muscle_mass', masses]],
  LBM: [['lean_mass', masses]],
  BONE: [['bone_mass', masses]],
  WAIST: [['waist', lengths]],
  HIPS: [['hip', lengths]],
  NECK: [['neck', lengths]],
  VISCERAL_FAT: [['visceral_fat_rating', { NONE: '{score}' }]],
  BMR: [['basal_metabolic_rate', { KCAL: 'kcal/d' }]],
  HEART_RATE: [['heart_rate', { NONE: '/min', BPM: '/min' }]],
}

/** The value of a type in its unit; undefined where there is no metric for it. */
export function valueOfType(key: string, unit: string, value: number): Value | undefined {
  const kinds = Object.hasOwn(types, key) ? types[key] : undefined
  for (const [metric, units] of kinds ?? []) {
    const ucum = Object.hasOwn(units, unit) ? units[unit] : undefined
    if (ucum !== undefined) return { metric, unit: ucum, value }
  }
  return undefined
}
