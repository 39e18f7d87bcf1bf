/**
 * Data types of Google Fit and what their fields become (developers.google.com/fit/datatypes: activity, body, health, nutrition).
 * Numbers are the first field of a point unless a reader of its own is named.
 */

/** A number of a point as one observation. */
export interface Quantity {
  readonly metric: string
  readonly unit: string
  /** Adds up over its interval. */
  readonly isSum?: true
  /** A sensor's reading every few seconds, which nobody edits. */
  readonly isSensed?: true
  /** Zero is no measurement. */
  readonly zeroIsNone?: true
}

/** By data type without `com.google.`. */
export const quantities: Readonly<Record<string, Quantity>> = {
  'step_count.delta': { metric: 'steps', unit: '{steps}', isSum: true },
  'distance.delta': { metric: 'distance_walking_running', unit: 'm', isSum: true },
  'calories.expended': { metric: 'total_energy', unit: 'kcal', isSum: true },
  heart_minutes: { metric: 'heart_points', unit: '{score}', isSum: true },
  hydration: { metric: 'water', unit: 'L', isSum: true },
  'heart_rate.bpm': { metric: 'heart_rate', unit: '/min', zeroIsNone: true, isSensed: true },
  weight: { metric: 'weight', unit: 'kg', zeroIsNone: true },
  height: { metric: 'height', unit: 'm', zeroIsNone: true },
  'body.fat.percentage': { metric: 'body_fat', unit: '%', zeroIsNone: true },
  'body.temperature': { metric: 'body_temperature', unit: 'Cel', zeroIsNone: true },
  'body.temperature.basal': { metric: 'basal_body_temperature', unit: 'Cel', zeroIsNone: true },
  oxygen_saturation: { metric: 'oxygen_saturation', unit: '%', zeroIsNone: true },
  blood_glucose: { metric: 'glucose', unit: 'mmol/L', zeroIsNone: true },
  respiratory_rate: { metric: 'respiratory_rate', unit: '/min', zeroIsNone: true },
  'calories.bmr': { metric: 'basal_metabolic_rate', unit: 'kcal/d', zeroIsNone: true },
  'cycling.pedaling.cadence': { metric: 'cadence_cycling', unit: '/min', isSensed: true },
}

/** A code of a point: a stage that lasts, or a grade at a moment. */
export interface Coded {
  readonly metric: string
  /** `s`: the length of the point is the value. */
  readonly unit: 's' | '{grade}' | '{count}'
  readonly value?: number
}

const lasting = (metric: string): Coded => ({ metric, unit: 's' })
const graded = (metric: string, value: number): Coded => ({ metric, unit: '{grade}', value })
const spotting: Coded = { metric: 'intermenstrual_bleeding', unit: '{count}', value: 1 }

export const codes: Readonly<Record<string, Readonly<Record<number, Coded>>>> = {
  // 3 is out of bed.
  'sleep.segment': {
    1: lasting('sleep_awake'),
    2: lasting('sleep_asleep'),
    4: lasting('sleep_core'),
    5: lasting('sleep_deep'),
    6: lasting('sleep_rem'),
  },
  'activity.segment': {
    45: lasting('mindful_minutes'),
    72: lasting('sleep_asleep'),
    109: lasting('sleep_core'),
    110: lasting('sleep_deep'),
    111: lasting('sleep_rem'),
    112: lasting('sleep_awake'),
    122: lasting('mindful_minutes'),
  },
  menstruation: {
    1: spotting,
    2: graded('menstrual_flow', 2),
    3: graded('menstrual_flow', 3),
    4: graded('menstrual_flow', 4),
  },
  vaginal_spotting: { 1: spotting },
  // 6 is unusual.
  cervical_mucus: {
    1: graded('cervical_mucus', 1),
    2: graded('cervical_mucus', 2),
    3: graded('cervical_mucus', 3),
    4: graded('cervical_mucus', 4),
    5: graded('cervical_mucus', 5),
  },
  ovulation_test: { 1: graded('ovulation_test', 0), 2: graded('ovulation_test', 1) },
}

/** Keys of a nutrition point. Vitamin A comes in international units, which no conversion fits. */
export const nutrients: Readonly<Record<string, readonly [metric: string, unit: string]>> = {
  calories: ['energy_intake', 'kcal'],
  'fat.total': ['fat_total', 'g'],
  'fat.saturated': ['fat_saturated', 'g'],
  'fat.polyunsaturated': ['fat_polyunsaturated', 'g'],
  'fat.monounsaturated': ['fat_monounsaturated', 'g'],
  cholesterol: ['cholesterol_intake', 'mg'],
  sodium: ['sodium_intake', 'mg'],
  potassium: ['potassium_intake', 'mg'],
  'carbs.total': ['carbohydrates', 'g'],
  dietary_fiber: ['fibre', 'g'],
  sugar: ['sugar_intake', 'g'],
  protein: ['protein', 'g'],
  vitamin_c: ['vitamin_c_intake', 'mg'],
  calcium: ['calcium_intake', 'mg'],
  iron: ['iron_intake', 'mg'],
}

/** Every metric that points can become. */
export const pointMetrics: readonly string[] = [
  ...Object.values(quantities).map(({ metric }) => metric),
  ...Object.values(codes).flatMap((table) => Object.values(table).map(({ metric }) => metric)),
  ...Object.values(nutrients).map(([metric]) => metric),
  'blood_pressure',
  'move_time',
]
