/** Whether letting a challenger take over pays: a year of decisions on simulated series of known kinds. */
import {
  backtest,
  type ForecastModel,
  type ForecastScores,
  forecastModels,
} from '../../src/analytics/index.ts'
import { championOf, type DatedFold, decideChampion, firstRegistry } from '../../src/insight/index.ts'
import type { RowGroup } from '../bench.ts'
import { SeededRandom } from '../data/random.ts'
import { type Measurement, ratioTarget } from '../result.ts'

const seriesOfKind = 8
const days = 504
const foldDays = 14
const foldsPerDecision = 6
/** A year of fortnights. */
const decisions = 26
const missingShare = 0.1

export const championRow: RowGroup = {
  names: ['champion'],
  run: async ({ note }) => {
    const rows = Object.entries(kinds).map(([kind, value]) => ({ kind, ...outcome(kind, value) }))
    note(
      [
        `${seriesOfKind} series of each kind, ${decisions} decisions on each`,
        ['kind'.padEnd(26), 'replaced', 'automatic', 'champion'].join('  '),
        ...rows.map(({ kind, replaced, automatic, champion }) =>
          [
            kind.padEnd(26),
            `${replaced} of ${seriesOfKind}`.padStart(8),
            automatic.toFixed(3).padStart(9),
            champion.toFixed(3).padStart(8),
          ].join('  '),
        ),
      ].join('\n'),
    )
    const value = mean(rows.map(({ champion }) => champion))
    const baseline = mean(rows.map(({ automatic }) => automatic))
    const measurement: Measurement = {
      name: 'champion',
      value,
      unit: 'CRPS',
      baseline,
      ratio: value / baseline,
      target: ratioTarget('<=', 1.005),
      about: 'the next fortnight by the model in office, against the combination throughout',
    }
    return [measurement]
  },
}

/** The values of a series one after the other. */
type Kind = (random: SeededRandom) => (day: number) => number

const kinds: Readonly<Record<string, Kind>> = {
  'noise around a level': (random) => () => 80 + random.normal(),
  'AR(1), 0.7': (random) => {
    let state = 0
    return () => {
      state = 0.7 * state + random.normal()
      return 80 + state
    }
  },
  'random walk': (random) => {
    let level = 80
    return () => {
      level += 0.3 * random.normal()
      return level
    }
  },
  'random walk and noise': (random) => {
    let level = 80
    return () => {
      level += 0.15 * random.normal()
      return level + 0.5 * random.normal()
    }
  },
  'weekly pattern': (random) => {
    const week = Array.from({ length: 7 }, () => random.normal())
    return (day) => 80 + (week[day % 7] as number) + 0.7 * random.normal()
  },
  'level shifts': (random) => {
    let level = 80
    return () => {
      if (random.uniform() < 1 / 60) level = 80 + 2 * random.normal()
      return level + 0.5 * random.normal()
    }
  },
  trend: (random) => {
    const slope = 0.02 * random.normal()
    return (day) => 80 + slope * day + 0.6 * random.normal()
  },
}

interface Outcome {
  /** Series in which a challenger ever took over. */
  readonly replaced: number
  /** Mean scaled CRPS of the fortnights after the decisions. */
  readonly automatic: number
  readonly champion: number
}

function outcome(kind: string, make: Kind): Outcome {
  const lives = Array.from({ length: seriesOfKind }, (_, i) => {
    const random = new SeededRandom(7000 + 100 * Object.keys(kinds).indexOf(kind) + i)
    const value = make(random)
    const values = Float64Array.from({ length: days }, (_, day) => {
      const one = value(day)
      return random.uniform() < missingShare ? Number.NaN : one
    })
    return yearOf(values)
  })
  return {
    replaced: lives.filter(({ replaced }) => replaced).length,
    automatic: mean(lives.map(({ automatic }) => automatic)),
    champion: mean(lives.map(({ champion }) => champion)),
  }
}

/** Decides every fortnight from the folds before, and scores what comes after. */
function yearOf(values: Float64Array) {
  const folds = backtest(values, forecastModels, {
    horizon: foldDays,
    folds: decisions + foldsPerDecision,
  }).map(({ origin, scores }): DatedFold => ({ firstDay: origin, scores }))
  let registry = firstRegistry(0)
  const scored: { automatic: number; champion: number }[] = []
  for (let next = foldsPerDecision; next < folds.length; next++) {
    const fold = folds[next] as DatedFold
    registry = decideChampion(registry, folds.slice(next - foldsPerDecision, next), fold.firstDay)
    scored.push({
      automatic: crpsOf(fold, 'automatic'),
      champion: crpsOf(fold, championOf(registry).model),
    })
  }
  return {
    replaced: registry.versions.length > 1,
    automatic: mean(scored.map(({ automatic }) => automatic)),
    champion: mean(scored.map(({ champion }) => champion)),
  }
}

function crpsOf({ scores }: DatedFold, model: ForecastModel): number {
  const found: ForecastScores | null | undefined = scores[model]
  if (!found) throw new Error(`${model} refused a fold`)
  return found.scaledCrps
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
