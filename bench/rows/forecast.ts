/** How good the product's forecast is: against R's methods on the same series, and on series of its own making. */
import { readFileSync } from 'node:fs'
import { type AutomaticForecast, automaticForecast, isInsufficient } from '../../src/analytics/index.ts'
import { sharedStatsOf } from '../../tests/shared-stats.ts'
import type { Bench, RowGroup } from '../bench.ts'
import { forecastDays, forecastSeries } from '../data/forecast-series.ts'
import { type ForecastScore, meanScore, scoreForecast } from '../forecast-score.ts'
import { median, timed } from '../measure.ts'
import { type Measurement, ratioTarget, valueTarget } from '../result.ts'

/** R's single methods that are to be beaten; its average of them is shown beside. */
const rivals = ['ets', 'auto_arima', 'theta'] as const
const shown = ['naive', 'snaive', 'mean', ...rivals, 'comb'] as const
/** Percentage points by which the share inside an interval may miss its level. */
const coverageSlack = 4
const horizons = [14, 30] as const
type Horizon = (typeof horizons)[number]

const againstR = horizons.flatMap((h) => [
  `forecast-mase-${h}`,
  `forecast-crps-${h}`,
  ...coverageNames('', h),
])
const ownSeries = horizons.flatMap((h) => coverageNames('own-', h))

function coverageNames(set: string, h: Horizon): string[] {
  return [`forecast-${set}coverage80-${h}`, `forecast-${set}coverage95-${h}`]
}

export const forecastRows: RowGroup = {
  names: [...againstR, ...ownSeries, 'forecast-400-days'],
  async run(bench) {
    return [...rowsAgainstR(bench), ...ownRows(bench), await speedRow()]
  },
}

interface BenchmarkFile {
  readonly series: readonly {
    readonly id: string
    readonly horizons: readonly number[]
    readonly train: readonly (number | null)[]
    readonly test: readonly (number | null)[]
  }[]
  readonly summary: Record<
    `h${Horizon}`,
    Record<string, { mase_mean: number; scaled_crps_mean: number; coverage80: number; coverage95: number }>
  >
}

/** R's forecasts of the same days come with the reference data; without it these rows are left out. */
function rowsAgainstR({ root, note }: Bench): Measurement[] {
  const path = sharedStatsOf(root, 'forecast-bench-dev.json')
  if (path === undefined) {
    note("R's forecasts are not at hand (HEALTHMATE_SHARED_STATS): rows against them are left out")
    return []
  }
  const { series, summary } = JSON.parse(readFileSync(path, 'utf8')) as BenchmarkFile
  const forecasts = series.map((one) => ({
    ...one,
    forecast: forecast(one.train, Math.max(...one.horizons)),
  }))
  return horizons.flatMap((h) => {
    const scores = forecasts.flatMap(({ train, test, horizons: asked, forecast: made }) =>
      made === null || !asked.includes(h) ? [] : (scoreForecast(train, test, made, h) ?? []),
    )
    const own = meanScore(scores)
    const rows = summary[`h${h}`]
    const others = shown.flatMap((name) => {
      const row = rows[name]
      return row === undefined
        ? []
        : [line(name, { ...row, mase: row.mase_mean, scaledCrps: row.scaled_crps_mean })]
    })
    note([`${scores.length} series, ${h} days ahead`, heading, ...others, line('HealthMate', own)].join('\n'))
    const best = (key: 'mase_mean' | 'scaled_crps_mean') =>
      Math.min(...rivals.map((name) => rows[name]?.[key] ?? Number.POSITIVE_INFINITY))
    return [
      against(`forecast-mase-${h}`, 'MASE', own.mase, best('mase_mean')),
      against(`forecast-crps-${h}`, 'CRPS', own.scaledCrps, best('scaled_crps_mean')),
      ...coverageRows('', h, own, 'the series of R'),
    ]
  })
}

function ownRows({ note }: Bench): Measurement[] {
  const rounds = 16
  const scored = new Map<string, Record<Horizon, ForecastScore[]>>()
  let refused = 0
  for (const { kind, train, test } of forecastSeries(rounds)) {
    const made = forecast(train, forecastDays)
    if (made === null) {
      refused++
      continue
    }
    const scores = scored.get(kind) ?? { 14: [], 30: [] }
    scored.set(kind, scores)
    for (const h of horizons) scores[h].push(...[scoreForecast(train, test, made, h) ?? []].flat())
  }
  note(`${rounds} series of each kind of our own, ${refused} refused as too thin`)
  return horizons.flatMap((h) => {
    const kinds = [...scored].filter(([, scores]) => scores[h].length > 0)
    note(
      [`${h} days ahead`, heading, ...kinds.map(([kind, scores]) => line(kind, meanScore(scores[h])))].join(
        '\n',
      ),
    )
    const all = meanScore(kinds.flatMap(([, scores]) => scores[h]))
    return coverageRows('own-', h, all, 'series with known properties')
  })
}

async function speedRow(): Promise<Measurement> {
  const train = forecastSeries(4).flatMap(({ train: days }) => (days.length === 365 ? [days] : []))
  const times: number[] = []
  for (const days of train) {
    const long = [...days, ...days.slice(0, 35)]
    times.push(await timed(() => forecast(long, forecastDays)))
  }
  return {
    name: 'forecast-400-days',
    value: median(times),
    unit: 'ms',
    baseline: null,
    ratio: null,
    target: valueTarget('<=', 300),
    about: `forecasting ${forecastDays} days from 400, median over ${train.length} series`,
  }
}

function forecast(days: readonly (number | null)[], horizon: number): AutomaticForecast | null {
  const result = automaticForecast(
    days.map((value) => value ?? Number.NaN),
    { horizon },
  )
  return isInsufficient(result) ? null : result
}

function against(name: string, unit: string, value: number, baseline: number): Measurement {
  const about = "mean over the series, against the best of R's ets, auto.arima and thetaf"
  return { name, value, unit, baseline, ratio: value / baseline, target: ratioTarget('<=', 1), about }
}

function coverageRows(set: string, h: Horizon, score: ForecastScore, of: string): Measurement[] {
  const [name80 = '', name95 = ''] = coverageNames(set, h)
  const row = (name: string, share: number, level: number): Measurement => ({
    name,
    value: Math.abs(100 * share - level),
    unit: 'points',
    baseline: null,
    ratio: null,
    target: valueTarget('<=', coverageSlack),
    about: `${(100 * share).toFixed(1)} % of days inside the ${level} % interval, ${of}`,
  })
  return [row(name80, score.coverage80, 80), row(name95, score.coverage95, 95)]
}

const heading = `${'method'.padEnd(22)}   MASE   CRPS   80 %   95 %`

function line(name: string, { mase, scaledCrps, coverage80, coverage95 }: ForecastScore): string {
  const numbers = [
    mase.toFixed(3),
    scaledCrps.toFixed(3),
    (100 * coverage80).toFixed(1),
    (100 * coverage95).toFixed(1),
  ]
  return `${name.padEnd(22)} ${numbers.map((text) => text.padStart(6)).join(' ')}`
}
