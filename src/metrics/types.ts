/**
 * The catalogue's shape: what a metric is.
 *
 * A metric row is data (`catalogue/*.ts`); everything else in the program asks these types, never a metric by name.
 */

/** The unit of keys, sharing and erasure. `settings` and `audit` are never shared. */
export const collectionNames = [
  'vitals',
  'activity',
  'sleep',
  'labs',
  'medications',
  'symptoms',
  'mind',
  'reproductive',
  'documents',
  'profile',
  'assistant',
  'settings',
  'audit',
] as const
export type CollectionName = (typeof collectionNames)[number]

/** How several values of one local day become the day's value. */
export type Combine = 'mean' | 'last' | 'sum' | 'duration' | 'min' | 'max'

/** canonical = factor · value + offset. */
export interface Affine {
  readonly factor: number
  readonly offset: number
}

/** A unit that a metric accepts, with its conversion to the metric's canonical unit. */
export interface AcceptedUnit extends Affine {
  /** UCUM code, case-sensitive. */
  readonly ucum: string
  /** Spellings that people and files use for it (`mmHg`, `bpm`, `lbs`), compared without case. */
  readonly spellings: readonly string[]
  /** How it is shown to people (`mmHg`, `lb`, `°F`). */
  readonly label: string
}

export interface Component {
  /** Key in `value` of the JSON contract: `systolic`. */
  readonly id: string
  readonly name: string
  readonly loinc: string | null
  readonly plausible: readonly [number, number]
  readonly hard: readonly [number, number]
}

/** A further LOINC code that means the same metric. */
export interface LoincAlternative {
  readonly code: string
  /**
   * UCUM unit whose property the code states (`mmol/L` for a substance concentration where the metric's own code is
   * a mass concentration); `null` where only specimen, method or panel differ.
   */
  readonly unit: string | null
}

/** UCUM unit shown by default where it is not the canonical one. */
export interface DisplayUnits {
  /** Also the United Kingdom, where `uk` is absent. */
  readonly metric?: string
  readonly us?: string
  readonly uk?: string
}

export interface Metric {
  /** Catalogue id, snake_case: `blood_pressure`. */
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Only where the code is certain; `null` where no code is known. */
  readonly loinc: string | null
  readonly collection: CollectionName
  /** Grouping for people: `heart`, `body`, `glucose`, `lipids`… */
  readonly category: string
  /** Canonical UCUM unit in which values are stored and compared. */
  readonly unit: string
  /** The first is the canonical unit. */
  readonly units: readonly AcceptedUnit[]
  /** Several units are in common use for numbers that look alike: a bare number is refused, never guessed. */
  readonly needsUnit: boolean
  readonly combine: Combine
  /** Empty for a single-valued metric; in the order of `values` columns otherwise (systolic, diastolic). */
  readonly components: readonly Component[]
  /** Outside: probably a typing or unit error, the person is asked to confirm. In the canonical unit. */
  readonly plausible: readonly [number, number]
  /** Outside: impossible, refused. In the canonical unit. */
  readonly hard: readonly [number, number]
  /** Where the bounds come from. */
  readonly boundsSource: string
  /** Digits after the decimal point for people. */
  readonly decimals: number
  /** Words accepted as values, with the number stored (`negative` → 0); empty for most. */
  readonly values?: Readonly<Record<string, number>>
  /** Further LOINC codes by which files name this metric; unique over the catalogue, like `loinc`. */
  readonly loincAlternatives?: readonly LoincAlternative[]
  readonly displayUnits?: DisplayUnits
  /** Each component must be greater than the next (systolic above diastolic). */
  readonly descending?: true
}

export type UnitSystem = 'metric' | 'imperial' | 'us' | 'uk'

/** What the person wants to see. Changes nothing that is stored. */
export interface UnitPreferences {
  readonly system: UnitSystem
  /** UCUM unit by metric id. */
  readonly overrides: Readonly<Record<string, string>>
}
