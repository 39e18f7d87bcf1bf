/**
 * How catalogue files are written: a group states what its rows share, a row states the rest.
 *
 * Bounds catch unit and typing errors; they do not judge health. Where a row gives no `hard` bounds they are zero
 * (or minus ten times the magnitude where the plausible lower bound is negative) and ten times the plausible upper
 * bound: no laboratory or device can report more.
 */
import type { Metric } from '../types.ts'

/** Where bounds come from. The hard bounds are general knowledge throughout. */
export const boundsSources = {
  /** Input limits of a public open-source calculator library that names ARUP, Mayo and Tietz as its basis. */
  calculator: 'input limits of a public clinical calculator library (basis: ARUP, Mayo, Tietz)',
  /** The same, widened by the limits of a public nursing chart validator. */
  calculatorAndNursing:
    'input limits of public clinical calculator and nursing chart software, the wider of both',
  nursing: 'input limits of a public nursing chart validator',
  martin: 'domain of the Martin-Hopkins table (to 13,975 mg/dL); lower bound general knowledge',
  definition: 'by definition of the scale or unit',
  general: 'general knowledge',
} as const

type Defaulted = 'aliases' | 'loinc' | 'needsUnit' | 'components' | 'hard' | 'boundsSource' | 'unit'
type Shared = 'collection' | 'category' | 'combine'

/** A row: required are id, name, units, plausible bounds and decimals; the group fills in the rest. */
export type Row = Omit<Metric, Defaulted | Shared> & Partial<Pick<Metric, Defaulted | Shared>>

/** Rows that share a collection and a category. They are made at the first call: most commands need few of them. */
export type MetricGroup = () => readonly Metric[]

export function group(
  shared: Pick<Metric, Shared> & Partial<Metric>,
  rows: () => readonly Row[],
): MetricGroup {
  let made: readonly Metric[] | undefined
  return () => {
    made ??= rows().map((row) => complete(shared, row))
    return made
  }
}

function complete(shared: Pick<Metric, Shared> & Partial<Metric>, row: Row): Metric {
  return {
    aliases: [],
    loinc: null,
    needsUnit: false,
    components: [],
    boundsSource: boundsSources.general,
    hard: defaultHardBounds(row.plausible),
    ...shared,
    ...row,
    unit: row.units[0]?.ucum ?? '1',
  }
}

function defaultHardBounds([low, high]: readonly [number, number]): readonly [number, number] {
  return [low < 0 ? -10 * Math.max(Math.abs(low), Math.abs(high)) : 0, 10 * high]
}
