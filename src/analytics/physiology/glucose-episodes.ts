/**
 * Episodes of low and high glucose: at least 15 minutes beyond a threshold, over when it is left for at least 15 minutes.
 *
 * Battelino et al. 2023, Lancet Diabetes Endocrinol 11:42–57 (doi:10.1016/S2213-8587(22)00319-9). Level 2 is part of
 * level 1; `lv1_excl` are the episodes of level 1 that never became one of level 2; `extended` lasts over 120 minutes.
 */
import { type GlucoseGrid, segmentsOf } from './glucose-grid.ts'

export type EpisodeType = 'hypo' | 'hyper'
export type EpisodeLevel = 'lv1' | 'lv2' | 'extended' | 'lv1_excl'

export interface EpisodeSummary {
  readonly type: EpisodeType
  readonly level: EpisodeLevel
  readonly total: number
  /** Over the time that has values. */
  readonly perDay: number
  /** 0 without episodes. */
  readonly meanMinutes: number
  /** Mean of the episodes' means, mg/dL; null without episodes. */
  readonly meanGlucose: number | null
}

interface Episode {
  readonly from: number
  /** Excluded. */
  readonly to: number
}

/** mg/dL. */
const thresholds = { hypo: { lv1: 70, lv2: 54 }, hyper: { lv1: 180, lv2: 250 } }
const shortestMin = 15
const recoveryMin = 15
const extendedMin = 120

/** All kinds of episodes, in the order hypo, hyper, then those of level 1 alone. */
export function glucoseEpisodes(grid: GlucoseGrid): EpisodeSummary[] {
  const readings = Math.ceil(shortestMin / grid.stepMin)
  const extended = extendedMin / grid.stepMin + 1
  const episodes = (type: EpisodeType, level: 'lv1' | 'lv2', least = readings) =>
    episodesBeyond(grid, isBeyond(type, thresholds[type][level]), least)
  const [low1, low2] = [episodes('hypo', 'lv1'), episodes('hypo', 'lv2')]
  const [high1, high2] = [episodes('hyper', 'lv1'), episodes('hyper', 'lv2')]
  const kinds: readonly (readonly [EpisodeType, EpisodeLevel, readonly Episode[]])[] = [
    ['hypo', 'lv1', low1],
    ['hypo', 'lv2', low2],
    ['hypo', 'extended', episodes('hypo', 'lv1', extended)],
    ['hyper', 'lv1', high1],
    ['hyper', 'lv2', high2],
    ['hypo', 'lv1_excl', withoutOverlap(low1, low2)],
    ['hyper', 'lv1_excl', withoutOverlap(high1, high2)],
  ]
  return kinds.map(([type, level, found]) => summarised(grid, type, level, found))
}

function isBeyond(type: EpisodeType, threshold: number): (glucose: number) => boolean {
  return type === 'hypo' ? (glucose) => glucose < threshold : (glucose) => glucose > threshold
}

/** Episodes within each stretch without gaps; one that has not ended by then ends with it. */
function episodesBeyond(grid: GlucoseGrid, beyond: (glucose: number) => boolean, least: number): Episode[] {
  const recovery = Math.ceil(recoveryMin / grid.stepMin)
  const found: Episode[] = []
  for (const [start, end] of segmentsOf(grid.glucose)) {
    let from = -1
    for (const run of runsOf(grid.glucose, start, end, beyond)) {
      const length = run.to - run.from
      if (run.isBeyond && from < 0 && length >= least) from = run.from
      if (run.isBeyond || from < 0 || length < recovery) continue
      found.push({ from, to: run.from })
      from = -1
    }
    if (from >= 0) found.push({ from, to: end })
  }
  return found
}

function runsOf(values: Float64Array, start: number, end: number, beyond: (value: number) => boolean) {
  const runs: { from: number; to: number; isBeyond: boolean }[] = []
  for (let i = start; i < end; i++) {
    const isNow = beyond(values[i] as number)
    const last = runs[runs.length - 1]
    if (last?.isBeyond === isNow) last.to = i + 1
    else runs.push({ from: i, to: i + 1, isBeyond: isNow })
  }
  return runs
}

function withoutOverlap(episodes: readonly Episode[], others: readonly Episode[]): Episode[] {
  return episodes.filter(({ from, to }) => !others.some((other) => other.from < to && other.to > from))
}

function summarised(
  { glucose, stepMin }: GlucoseGrid,
  type: EpisodeType,
  level: EpisodeLevel,
  episodes: readonly Episode[],
): EpisodeSummary {
  const total = episodes.length
  const recorded = glucose.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0)
  if (total === 0) return { type, level, total, perDay: 0, meanMinutes: 0, meanGlucose: null }
  const mean = (of: (episode: Episode) => number) => episodes.reduce((sum, one) => sum + of(one), 0) / total
  return {
    type,
    level,
    total,
    perDay: total / ((recorded * stepMin) / 1440),
    meanMinutes: mean(({ from, to }) => (to - from) * stepMin),
    meanGlucose: mean(
      ({ from, to }) => glucose.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from),
    ),
  }
}
