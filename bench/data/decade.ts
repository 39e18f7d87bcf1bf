/**
 * Ten years of one person's samples, at any density: a watch's heart rates at irregular whole seconds, steps that
 * watch and phone count over overlapping intervals, energy with two decimals, glucose from a monitor, and a daily
 * weight and resting rate. Seeded. Series after series, each in order of time, as the Health app writes its exports.
 */
import {
  maxBlockLength,
  type ObservationBlock,
  type SeriesKey,
  type Source,
} from '../../src/records/index.ts'
import { SeededRandom } from './random.ts'
import { offsetMin, type Row, toBlock } from './rows.ts'

export const firstDay = 16_861
export const days = 3650
const dayMs = 86_400_000
const watch: Source = { device: 'Apple Watch', app: 'Health', deviceClass: 'watch' }
const phone: Source = { device: 'iPhone', app: 'Health', deviceClass: 'phone' }
const monitor: Source = { device: 'Dexcom G7', app: 'Dexcom', deviceClass: 'medical' }
const scale: Source = { device: 'Body Scale', app: 'Withings', deviceClass: 'scale' }

interface Kind {
  readonly series: SeriesKey
  /** Part of all samples; at most `mostPerDay` of them a day. */
  readonly share: number
  readonly mostPerDay: number
  /** The day's samples, `count` of them about. */
  readonly rows: (day: Day) => Row[]
}

interface Day {
  readonly index: number
  readonly startMs: number
  readonly count: number
  readonly random: SeededRandom
}

const kinds: readonly Kind[] = [
  kind('heart_rate', watch, '/min', 0.64, 17_280, heartRates),
  kind('steps', watch, '1', 0.09, 1440, (day) => intervals(day, 0.85, (n) => Math.round(1 + n * 60))),
  kind('steps', phone, '1', 0.09, 1440, (day) => intervals(day, 0.7, (n) => Math.round(1 + n * 90))),
  kind('active_energy', watch, 'kcal', 0.12, 2880, (day) => intervals(day, 1, (n) => decimals(n * 9, 2))),
  kind('glucose', monitor, 'mg/dL', 0.06, 288, (day) => instants(day, 300, (n) => Math.round(105 + 18 * n))),
  kind('resting_heart_rate', watch, '/min', 0, 1, (day) => [
    instant(day, 25_200, Math.round(60 + day.random.normal())),
  ]),
  kind('weight', scale, 'kg', 0, 1, (day) => [
    instant(
      day,
      24_000 + Math.floor(day.random.uniform() * 3600),
      decimals(82 - day.index / 900 + day.random.normal() * 0.4, 1),
    ),
  ]),
]

/** Blocks of about `samples` samples. */
export function* decade(samples: number): Generator<ObservationBlock> {
  const daily = kinds.filter(({ share }) => share === 0).length * days
  const shared = Math.max(0, samples - daily)
  for (const [index, one] of kinds.entries()) {
    const random = new SeededRandom(1000 + index)
    const perDay = one.share === 0 ? 1 : (one.share * shared) / days
    let waiting: Row[] = []
    for (let day = 0; day < days; day++) {
      const count = Math.min(one.mostPerDay, Math.floor(perDay * (day + 1)) - Math.floor(perDay * day))
      const startMs = (firstDay + day) * dayMs - offsetMin * 60_000
      waiting.push(...one.rows({ index: day, startMs, count, random }))
      if (waiting.length < maxBlockLength) continue
      yield toBlock(one.series, waiting.slice(0, maxBlockLength))
      waiting = waiting.slice(maxBlockLength)
    }
    for (let from = 0; from < waiting.length; from += maxBlockLength) {
      yield toBlock(one.series, waiting.slice(from, from + maxBlockLength))
    }
  }
}

function kind(
  metric: string,
  source: Source,
  unit: string,
  share: number,
  mostPerDay: number,
  rows: (day: Day) => Row[],
): Kind {
  return { series: { metric, source, unit }, share, mostPerDay, rows }
}

/** Irregular whole seconds, denser by chance; whole beats that drift. */
function heartRates(day: Day): Row[] {
  const rows: Row[] = []
  const gap = 86_400 / Math.max(1, day.count)
  let rate = 62 + 6 * Math.sin(day.index / 40)
  for (let i = 0; i < day.count; i++) {
    const second = Math.floor((i + day.random.uniform() * 0.9) * gap)
    rate += (66 - rate) * 0.02 + day.random.normal() * 2
    rows.push(instant(day, second, Math.round(Math.min(190, Math.max(42, rate)))))
  }
  return rows
}

function instants(day: Day, everySeconds: number, value: (normal: number) => number): Row[] {
  const rows: Row[] = []
  const step = Math.max(everySeconds, Math.floor(86_400 / Math.max(1, day.count)))
  for (let i = 0; i < day.count; i++) rows.push(instant(day, i * step + 17, value(day.random.normal())))
  return rows
}

/** Intervals side by side within the day; `filled` of the time between starts is measured. */
function intervals(day: Day, filled: number, value: (uniform: number) => number): Row[] {
  const rows: Row[] = []
  const gap = 86_400 / Math.max(1, day.count)
  for (let i = 0; i < day.count; i++) {
    const from = Math.floor((i + day.random.uniform() * 0.2) * gap)
    const to = Math.min(86_399, Math.floor((i + filled * (0.8 + day.random.uniform() * 0.2)) * gap))
    const durationMs = Math.max(1, to - from) * 1000
    rows.push({ ...instant(day, from, value(day.random.uniform())), durationMs })
  }
  return rows
}

function instant(day: Day, second: number, value: number): Row {
  return { startMs: day.startMs + second * 1000, durationMs: 0, value }
}

function decimals(value: number, places: number): number {
  return Number(value.toFixed(places))
}
