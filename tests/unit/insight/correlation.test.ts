import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correlationOf, type DailySeries, movementOf } from '../../../src/insight/index.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

const firstDay = 20_000

function daily(value: Float64Array): DailySeries {
  return { day: Int32Array.from(value, (_, i) => firstDay + i), value }
}

function noise(seed: number, n = 200, phi = 0): Float64Array {
  return autoregressiveNoise(n, phi, seededNormal(seed))
}

function named(name: string, value: Float64Array) {
  return { name, daily: daily(value) }
}

const lead = noise(3)
const follow = noise(4).map((v, i) => v - 1.5 * (lead[i - 2] ?? 0))

describe('correlate', () => {
  it('finds the lag by itself, says who leads, and leaves cause open', () => {
    const found = correlationOf(named('Alcohol', lead), named('Sleep', follow))
    expect(found.verdict).toBe('opposite')
    expect(found.best?.lag).toBe(2)
    expect(found.lags.map(({ lag }) => lag)).toEqual([-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7])
    expect(found.text).toMatch(
      /^Alcohol and sleep move against each other with sleep 2 days after alcohol \(rank correlation of the day-to-day movements −0\.\d\d, 95 % interval −0\.\d\d to −0\.\d\d, 19\d pairs of days, p < 0\.001, < 0\.001 allowing for the 15 lags looked at\)\. That one causes the other is not shown\.$/,
    )
  })

  it('answers for one lag when asked for one', () => {
    const found = correlationOf(named('Alcohol', lead), named('Sleep', follow), 0)
    expect(found.verdict).toBe('no-clear-association')
    expect(found.lags).toHaveLength(1)
    expect(found.text).toMatch(/^Alcohol and sleep show no clear association on the same day \(/)
    const later = correlationOf(named('Alcohol', lead), named('Sleep', follow), 5)
    expect(later.text).toMatch(/ show no clear association, with sleep 5 days after alcohol \(/)
  })

  it('mirrors when the two change places', () => {
    const there = correlationOf(named('A', lead), named('B', follow))
    const back = correlationOf(named('B', follow), named('A', lead))
    expect(back.best?.lag).toBe(-(there.best?.lag ?? 0))
    expect(back.best?.rho).toBeCloseTo(there.best?.rho ?? 0, 12)
  })

  it('is the same for any scale and level of the values', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: -500, max: 500 }),
        (factor, level) => {
          const scaled = follow.map((v) => level + factor * v)
          const found = correlationOf(named('A', lead), named('B', scaled), 2)
          expect(found.best?.rho).toBeCloseTo(
            correlationOf(named('A', lead), named('B', follow), 2).best?.rho ?? 0,
            6,
          )
        },
      ),
      { numRuns: 20 },
    )
  })

  it('says what it needs on few days, on a constant and on values of every other day', () => {
    const every = {
      name: 'Weight',
      daily: { day: Int32Array.from({ length: 60 }, (_, i) => firstDay + 2 * i), value: noise(9, 60) },
    }
    for (const other of [
      named('Sleep', noise(5, 20)),
      named('Sleep', new Float64Array(100).fill(7)),
      every,
    ]) {
      const found = correlationOf(named('Steps', lead), other)
      expect(found.verdict).toBe('not-enough-data')
      expect(found.best).toBeNull()
      expect(found.text).toContain('needs at least 28 days with a value')
    }
  })

  it('claims an association in at most 5 % of unrelated pairs, persistent ones too', () => {
    let claims = 0
    for (let i = 0; i < 400; i++) {
      const phi = [0, 0.5, 0.8][i % 3] ?? 0
      const found = correlationOf(
        named('A', noise(2 * i + 1, 120, phi)),
        named('B', noise(2 * i + 2, 120, phi)),
      )
      if (found.verdict !== 'no-clear-association') claims++
    }
    // 29 of 400 is the 97.5 % point of a rate of 5 %.
    expect(claims).toBeLessThanOrEqual(29)
  })

  it('takes a day whose day before is missing out of the movement', () => {
    const gap = daily(lead)
    const movement = movementOf({ day: gap.day.map((d, i) => (i >= 100 ? d + 1 : d)), value: gap.value })
    expect(movement?.day.length).toBe(198)
  })
})
