/**
 * Which model forecasts a series: the champion, until a challenger has done better on the same folds.
 *
 * Every model is tried on the same rolling origins (`backtest`). A challenger takes over when its mean scaled CRPS is
 * lower by at least `leastGain`, and a one-sided paired t test over the folds says so at 5 %, divided by the number of
 * challengers (Bonferroni). Folds do not overlap, so the test is that of Diebold & Mariano 1995, J Bus Econ Stat
 * 13:253–263, at horizon 1 with the correction of Harvey, Leybourne & Newbold 1997, Int J Forecast 13:281–291.
 */
import {
  type BacktestFold,
  comparePaired,
  type ForecastModel,
  type ForecastScores,
  forecastModels,
  isInsufficient,
} from '../../analytics/index.ts'

/** A backtest fold with the day on which it began. */
export interface DatedFold {
  /** Local day (days since 1970-01-01) of the first day that was forecast. */
  readonly firstDay: number
  readonly scores: BacktestFold['scores']
}

/** What a model became on the data of a run. */
export interface ModelFit {
  readonly form: string
  readonly fromDay: number
  readonly toDay: number
  /** Days with a value. */
  readonly n: number
  /** `forecastModelRevision` of the program. */
  readonly revision: number
}

export type VersionReason = 'first' | 'backtest' | 'pinned' | 'rolled_back'

/** A model in office; the last one of a registry forecasts. */
export interface ModelVersion {
  readonly version: number
  readonly model: ForecastModel
  readonly sinceDay: number
  readonly reason: VersionReason
  /** Of the latest run while it was in office; null before the first. */
  readonly fit: ModelFit | null
  /** Its folds then; null where there were too few. */
  readonly trial: ModelTrial | null
}

export interface ModelRegistry {
  /** Oldest first, never empty. */
  readonly versions: readonly ModelVersion[]
  /** The person chose the model: no challenger replaces it. */
  readonly pinned: boolean
  /** After a rollback: only folds from this day on may replace the model. */
  readonly evidenceFromDay: number | null
}

/** Means over folds. */
export interface ModelTrial {
  readonly folds: number
  readonly mase: number
  readonly scaledCrps: number
  readonly coverage80: number
  readonly coverage95: number
}

/** A model beside the champion, on the folds where both were tried. */
export interface ModelComparison {
  readonly model: ForecastModel
  readonly isChampion: boolean
  readonly trial: ModelTrial | null
  /** Scaled CRPS over that of the champion, less 1: -0.1 is a tenth better. Null for the champion and without folds. */
  readonly difference: number | null
  /** One-sided, that the model is better than the champion; before the correction for many challengers. */
  readonly p: number | null
  readonly isBetter: boolean
}

/** Fewer folds decide nothing. */
export const leastFolds = 4
/** A share of the champion's score: what is gained by less is not worth a change. */
export const leastGain = 0.02
const significance = 0.05
/** Versions that are kept. */
const mostVersions = 20

export function firstRegistry(day: number): ModelRegistry {
  const [model] = forecastModels
  return {
    versions: [{ version: 1, model, sinceDay: day, reason: 'first', fit: null, trial: null }],
    pinned: false,
    evidenceFromDay: null,
  }
}

export function championOf({ versions }: ModelRegistry): ModelVersion {
  const last = versions.at(-1)
  if (last === undefined) throw new TypeError('a registry has a version')
  return last
}

/** Every model on the folds, the best first; `p` and `isBetter` against the champion. */
export function compareModels(folds: readonly DatedFold[], champion: ForecastModel): ModelComparison[] {
  const challengers = forecastModels.length - 1
  return forecastModels
    .map((model): ModelComparison => {
      const shared = folds.filter(({ scores }) => scores[model] && scores[champion])
      const trial = trialOf(shared, model)
      if (model === champion || trial === null) {
        return { model, isChampion: model === champion, trial, difference: null, p: null, isBetter: false }
      }
      const own = scoresOf(shared, model)
      const others = scoresOf(shared, champion)
      const difference = ratioOf(own, others) - 1
      const p = shared.length < leastFolds ? null : oneSidedP(others, own)
      const isBetter = p !== null && p < significance / challengers && difference <= -leastGain
      return { model, isChampion: false, trial, difference, p, isBetter }
    })
    .sort((a, b) => (a.trial?.scaledCrps ?? Infinity) - (b.trial?.scaledCrps ?? Infinity))
}

/** Whether a challenger takes over on these folds: the best of those that are better. Pinned models stay. */
export function decideChampion(
  registry: ModelRegistry,
  folds: readonly DatedFold[],
  today: number,
): ModelRegistry {
  if (registry.pinned) return registry
  const since = registry.evidenceFromDay ?? Number.NEGATIVE_INFINITY
  const evidence = folds.filter(({ firstDay }) => firstDay >= since)
  const winner = compareModels(evidence, championOf(registry).model).find(({ isBetter }) => isBetter)
  if (winner === undefined) return registry
  return { ...withVersion(registry, winner.model, 'backtest', today), evidenceFromDay: null }
}

/** The person's choice; it stays until unpinned. */
export function pinModel(registry: ModelRegistry, model: ForecastModel, today: number): ModelRegistry {
  const isSame = championOf(registry).model === model
  return { ...(isSame ? registry : withVersion(registry, model, 'pinned', today)), pinned: true }
}

export function unpinModel(registry: ModelRegistry): ModelRegistry {
  return { ...registry, pinned: false }
}

/**
 * Back to an earlier version, by default the one before: its model in a new version. Only what happens from today on
 * may replace it again. Null where there is no such version.
 */
export function rollBack(registry: ModelRegistry, today: number, version?: number): ModelRegistry | null {
  const { model: present } = championOf(registry)
  const target =
    version === undefined
      ? registry.versions.findLast(({ model }) => model !== present)
      : registry.versions.find((one) => one.version === version)
  if (target === undefined) return null
  const back = withVersion(registry, target.model, 'rolled_back', today)
  return { ...back, pinned: false, evidenceFromDay: today }
}

/** Writes down what the champion became in this run. */
export function withFit(registry: ModelRegistry, fit: ModelFit, folds: readonly DatedFold[]): ModelRegistry {
  const champion = championOf(registry)
  const trial = trialOf(
    folds.filter(({ scores }) => scores[champion.model]),
    champion.model,
  )
  return { ...registry, versions: [...registry.versions.slice(0, -1), { ...champion, fit, trial }] }
}

function withVersion(
  registry: ModelRegistry,
  model: ForecastModel,
  reason: VersionReason,
  sinceDay: number,
): ModelRegistry {
  const version = championOf(registry).version + 1
  const added: ModelVersion = { version, model, sinceDay, reason, fit: null, trial: null }
  return { ...registry, versions: [...registry.versions, added].slice(-mostVersions) }
}

/** Folds count alike; coverage counts days. */
function trialOf(folds: readonly DatedFold[], model: ForecastModel): ModelTrial | null {
  const all = folds.flatMap(({ scores }) => scores[model] ?? [])
  if (all.length === 0) return null
  const days = all.reduce((sum, { n }) => sum + n, 0)
  const mean = (pick: (one: ForecastScores) => number) =>
    all.reduce((sum, one) => sum + pick(one), 0) / all.length
  const share = (pick: (one: ForecastScores) => number) =>
    all.reduce((sum, one) => sum + pick(one) * one.n, 0) / days
  return {
    folds: all.length,
    mase: mean(({ mase }) => mase),
    scaledCrps: mean(({ scaledCrps }) => scaledCrps),
    coverage80: share(({ coverage80 }) => coverage80),
    coverage95: share(({ coverage95 }) => coverage95),
  }
}

function scoresOf(folds: readonly DatedFold[], model: ForecastModel): number[] {
  return folds.flatMap(({ scores }) => scores[model]?.scaledCrps ?? [])
}

/** Infinite where the champion made no error at all and the other did. */
function ratioOf(own: readonly number[], others: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  return sum(others) > 0 ? sum(own) / sum(others) : sum(own) > 0 ? Infinity : 1
}

/** That `second` is lower than `first`; null where the differences do not vary. */
function oneSidedP(first: readonly number[], second: readonly number[]): number | null {
  const result = comparePaired(first, second)
  if (isInsufficient(result) || result.t.p === null || result.t.t === null) return null
  return result.t.t < 0 ? result.t.p / 2 : 1 - result.t.p / 2
}
