/**
 * The methods whose definition looks at all pairs, on 100,000 values, against that definition; what they answer is
 * held against it in the same run.
 */
import {
  autocorrelation,
  isInsufficient,
  kendallVariance,
  mannKendall,
  pelt,
  type SenSlope,
  theilSen,
} from '../../src/analytics/index.ts'
import type { RowGroup } from '../bench.ts'
import { SeededRandom } from '../data/random.ts'
import { median, timed } from '../measure.ts'
import { allPairs } from '../reference/all-pairs.ts'
import { simpleAutocorrelation } from '../reference/autocorrelation.ts'
import { optimalPartitionCost } from '../reference/change-points.ts'
import { type Measurement, ratioTarget, valueTarget } from '../result.ts'

const n = 100_000
const rounds = 5
const maxLag = 2000
/** One change of level in so many values. */
const segment = 500

export const analysisRows: readonly RowGroup[] = [
  { names: ['analysis-theil-sen', 'analysis-mann-kendall'], run: async ({ note }) => pairRows(note) },
  { names: ['analysis-acf'], run: async () => [await autocorrelationRow()] },
  { names: ['analysis-pelt'], run: async () => [await changePointRow()] },
]

/** A slow rise in autocorrelated noise, rounded as a scale rounds. */
function series(): Float64Array {
  const random = new SeededRandom(31)
  let noise = 0
  return Float64Array.from({ length: n }, (_, i) => {
    noise = 0.4 * noise + random.normal()
    return Math.round((80 + i * 1e-5 + noise) * 10) / 10
  })
}

async function pairRows(note: (text: string) => void): Promise<readonly Measurement[]> {
  const y = series()
  const x = Float64Array.from(y, (_, i) => i)
  const sen = found(theilSen(x, y))
  const kendall = found(mannKendall(y))
  note('visiting five thousand million pairs')
  let pairs = { score: 0, below: [0], notAbove: [0] } as ReturnType<typeof allPairs>
  const baseline = await timed(() => {
    pairs = allPairs(y, [sen.ci[0], sen.slope, sen.ci[1]])
  })
  assertRanks(y, sen, pairs)
  if (pairs.score !== kendall.s) throw new Error(`S is ${pairs.score}, not ${kendall.s}`)
  const slope = await medianOf(() => theilSen(x, y))
  const test = await medianOf(() => mannKendall(y))
  return [
    row('analysis-theil-sen', slope, baseline, 'slope and interval, against all pairs; the ranks are exact'),
    row('analysis-mann-kendall', test, baseline, 'test with Sen slope, against all pairs; S is equal'),
  ]
}

/** The slope in the middle and the ends of the interval lie at the ranks of Sen 1968. */
function assertRanks(y: Float64Array, { slope, ci }: SenSlope, pairs: ReturnType<typeof allPairs>): void {
  const count = (n * (n - 1)) / 2
  const reach = 1.959963984540054 * Math.sqrt(kendallVariance(n, tiesOf(y)))
  const ranks = [(count - reach) / 2, count / 2, (count + reach) / 2]
  for (const [k, rank] of ranks.entries()) {
    // The rounding of a rank is within one.
    if ((pairs.below[k] as number) > rank + 1 || (pairs.notAbove[k] as number) < rank - 1)
      throw new Error(`${[ci[0], slope, ci[1]][k]} is not the slope at rank ${rank}`)
  }
}

function tiesOf(y: Float64Array): number[] {
  const sizes = new Map<number, number>()
  for (const value of y) sizes.set(value, (sizes.get(value) ?? 0) + 1)
  return [...sizes.values()]
}

async function autocorrelationRow(): Promise<Measurement> {
  const y = series()
  const simple = simpleAutocorrelation(y, maxLag)
  const ours = found(autocorrelation(y, maxLag)).acf
  const furthest = Math.max(...simple.map((r, lag) => Math.abs(r - (ours[lag] as number))))
  if (!(furthest < 1e-12)) throw new Error(`an autocorrelation differs by ${furthest}`)
  const baseline = await medianOf(() => simpleAutocorrelation(y, maxLag))
  const value = await medianOf(() => autocorrelation(y, maxLag))
  const about = `${maxLag} lags with partial ones, against the sums alone; equal to 1e-12`
  const ratio = value / baseline
  return { name: 'analysis-acf', value, unit: 'ms', baseline, ratio, target: ratioTarget('<=', 1), about }
}

async function changePointRow(): Promise<Measurement> {
  const random = new SeededRandom(32)
  const y = Float64Array.from({ length: n }, (_, i) => 3 * (Math.floor(i / segment) % 2) + random.normal())
  const penalty = 3 * Math.log(n)
  const options = { model: 'mean', penalty: 'Manual', penaltyValue: penalty, minSegmentLength: 2 } as const
  let cost = 0
  const baseline = await timed(() => {
    cost = optimalPartitionCost(y, penalty)
  })
  const ours = found(pelt(y, options)).penalisedCost
  if (!(Math.abs(ours - cost) <= 1e-9 * cost)) throw new Error(`PELT costs ${ours}, the optimum ${cost}`)
  const value = await medianOf(() => pelt(y, options))
  return row(
    'analysis-pelt',
    value,
    baseline,
    'a change every 500 values, against all starts; the cost is equal',
  )
}

function row(name: string, value: number, baseline: number, about: string): Measurement {
  const target = valueTarget('<=', 1000)
  return {
    name,
    value,
    unit: 'ms',
    baseline,
    ratio: value / baseline,
    target,
    about: `100,000 values: ${about}`,
  }
}

async function medianOf(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timed(work))
  return median(times)
}

function found<T extends object>(result: T): Exclude<T, { insufficient: unknown }> {
  if (isInsufficient(result)) throw new Error('a long series was refused')
  return result as Exclude<T, { insufficient: unknown }>
}
