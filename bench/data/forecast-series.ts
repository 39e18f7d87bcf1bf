/**
 * Daily series with known properties for the forecast rows: what people measure, and what is hard to forecast. Lengths
 * of 60 to 365 days; in turn no day, one in twenty, three and six in ten are missing; 30 days follow that nobody saw.
 */
import { SeededRandom } from './random.ts'

export interface ForecastSeries {
  readonly kind: string
  /** null is a day without a value. */
  readonly train: readonly (number | null)[]
  readonly test: readonly (number | null)[]
}

export const forecastDays = 30
const lengths = [60, 120, 200, 365]
const missingShares = [0, 0.05, 0.3, 0.6]

/** Effects of Monday to Sunday. */
const week = [0, 1, 2, 1, 0, -3, -4]

type Generator = (days: number, random: SeededRandom) => number[]

const generators: Readonly<Record<string, Generator>> = {
  noise: (days, random) => each(days, () => 60 + 5 * random.normal()),
  weekly: (days, random) => each(days, (day) => 100 + 3 * weekday(day) + 5 * random.normal()),
  'trend and week': (days, random) =>
    each(days, (day) => 80 + 0.03 * day + 0.6 * weekday(day) + 1.5 * random.normal()),
  'random walk': (days, random) => walk(days, 70, () => 0.3 * random.normal()),
  'walk and noise': (days, random) =>
    walk(days, 70, () => 0.1 * random.normal()).map((level) => level + 0.5 * random.normal()),
  'autoregression 0.3': (days, random) => autoregression(days, 0.3, random),
  'autoregression 0.7': (days, random) => autoregression(days, 0.7, random),
  'autoregression 0.95': (days, random) => autoregression(days, 0.95, random),
  'level shifts': (days, random) =>
    walk(days, 60, () => (random.uniform() < 0.01 ? 8 * random.normal() : 0)).map(
      (level) => level + 2 * random.normal(),
    ),
  'damped trend': (days, random) => {
    const slopes = each(days, (day) => -0.08 * 0.99 ** day)
    return walk(days, 85, (day) => (slopes[day] as number) + 0.05 * random.normal()).map(
      (level) => level + 0.4 * random.normal(),
    )
  },
  skewed: (days, random) => each(days, (day) => 8000 * Math.exp(0.1 * weekday(day) + 0.35 * random.normal())),
  counts: (days, random) => each(days, () => poisson(0.6, random)),
  'many zeros': (days, random) =>
    each(days, (day) =>
      random.uniform() < 0.5 - 0.1 * Math.sign(weekday(day)) ? 0 : 30 + 15 * Math.abs(random.normal()),
    ),
  'heavy tails': (days, random) =>
    each(days, () => 55 + (2 * random.normal()) / Math.max(0.35, Math.abs(random.normal()))),
  constant: (days) => each(days, () => 42),
}

/** `rounds` series of each kind, the same in every run; sixteen rounds meet every length and share of missing days. */
export function forecastSeries(rounds: number): ForecastSeries[] {
  return Object.entries(generators).flatMap(([kind, generate], k) =>
    Array.from({ length: rounds }, (_, round) => {
      const random = new SeededRandom(1000 * k + round)
      const days = lengths[round % lengths.length] as number
      const missing = missingShares[Math.floor(round / lengths.length) % missingShares.length] as number
      const values = generate(days + forecastDays, random)
      const train = values.slice(0, days).map((value) => (random.uniform() < missing ? null : value))
      return { kind, train, test: values.slice(days) }
    }),
  )
}

function each(days: number, value: (day: number) => number): number[] {
  return Array.from({ length: days }, (_, day) => value(day))
}

function weekday(day: number): number {
  return week[day % 7] as number
}

function walk(days: number, start: number, step: (day: number) => number): number[] {
  let level = start
  return each(days, (day) => {
    level += step(day)
    return level
  })
}

function autoregression(days: number, phi: number, random: SeededRandom): number[] {
  let deviation = random.normal()
  return each(days, () => {
    deviation = phi * deviation + Math.sqrt(1 - phi * phi) * random.normal()
    return 50 + 4 * deviation
  })
}

/** Knuth's product of uniform numbers. */
function poisson(mean: number, random: SeededRandom): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++
  return count
}
