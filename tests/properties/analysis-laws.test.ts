import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runMethod } from '../../src/analytics/index.ts'
import { countInversions } from '../../src/analytics/statistics/inversions.ts'
import { laggedProducts } from '../../src/analytics/statistics/lagged-products.ts'
import { medianOfSums, medianOfWalshAverages } from '../../src/analytics/statistics/pairwise-sums.ts'
import { trendWeight } from '../../src/analytics/timeseries/trend-weight.ts'

const value = fc.integer({ min: -300, max: 300 })
const missing = fc.oneof({ weight: 6, arbitrary: value }, fc.constant(null))
const column = (minLength: number, maxLength = 40) => fc.array(value, { minLength, maxLength })
const gapped = (minLength: number, maxLength = 40) => fc.array(missing, { minLength, maxLength })
const pairs = fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 40 })
const factor = fc.constantFrom(0.5, 2, 8)
const shift = fc.integer({ min: -100, max: 100 })

// biome-ignore lint/suspicious/noExplicitAny: results are read by the keys that the vectors have
const run = (method: string, input: object, options: object = {}): any =>
  runMethod(method, input as Record<string, unknown>, options as Record<string, unknown>)

function expectNear(got: unknown, want: unknown, digits = 7): void {
  if (want === null || want === undefined) expect(got ?? null).toBeNull()
  else if (typeof want === 'number') expect(got).toBeCloseTo(want, digits)
  else expect(got).toEqual(want)
}

const half = (values: readonly number[]) => values.slice(0, values.length >> 1)
const rest = (values: readonly number[]) => values.slice(values.length >> 1)
const sortedMedian = (values: readonly number[]) => {
  const ascending = [...values].sort((a, b) => a - b)
  const middle = ascending.length >> 1
  const upper = ascending[middle] as number
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] as number) + upper) / 2
}

describe('every method', () => {
  const inputs = {
    correlation: (v: unknown) => ({ x: v, y: v }),
    cross_correlation: (v: unknown) => ({ x: v, y: v }),
    bland_altman: (v: unknown) => ({ method1: v, method2: v }),
    paired: (v: unknown) => ({ pre: v, post: v }),
    two_sample: (v: unknown) => ({ pre: v, post: v }),
    circular: (v: unknown) => ({ values: v }),
    cosinor: (v: unknown) => ({ t: (v as unknown[]).map((_, i) => i), y: v }),
    hrv: (v: unknown) => ({ rr_ms: (v as (number | null)[]).map((x) => (x === null ? null : 500 + x)) }),
    mann_kendall_seasonal: (v: unknown) => ({ values: v }),
    hackers_diet: (v: unknown) => ({ values: v }),
    gap_filling: (v: unknown) => ({ values: v }),
    forecast_accuracy: (v: unknown) => ({ train: v, actual: v, forecast: v }),
    cgm: (v: unknown) => ({
      start_local: '2026-01-01T00:00:00',
      offset_s: (v as unknown[]).map((_, i) => 300 * i),
      glucose_mgdl: (v as (number | null)[]).map((x) => (x === null ? null : 400 + x)),
    }),
  }

  it('answers without a number that is none, whatever is missing', () => {
    fc.assert(
      fc.property(gapped(0, 60), (values) => {
        for (const [method, input] of Object.entries(inputs)) {
          const text = JSON.stringify(run(method, input(values)), (key, at) => {
            if (typeof at === 'number') expect(Number.isFinite(at), `${method} ${key}`).toBe(true)
            return at
          })
          expect(text).toBeTypeOf('string')
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('correlation', () => {
  it('does not change with unit, zero or the order of the pairs, and turns with one side', () => {
    fc.assert(
      fc.property(pairs, factor, shift, (drawn, a, b) => {
        const x = drawn.map(([one]) => one)
        const y = drawn.map(([, other]) => other)
        const plain = run('correlation', { x, y })
        const moved = run('correlation', { x: x.map((v) => a * v + b), y })
        const swapped = run('correlation', { x: [...y].reverse(), y: [...x].reverse() })
        const turned = run('correlation', { x: x.map((v) => -v), y })
        for (const other of [moved, swapped]) {
          expectNear(other.pearson.r, plain.pearson.r)
          expectNear(other.spearman.rho, plain.spearman.rho)
          expectNear(other.kendall_tau_b, plain.kendall_tau_b)
        }
        if (plain.status === undefined) {
          expectNear(turned.pearson.r, -plain.pearson.r)
          expectNear(turned.kendall_tau_b, -plain.kendall_tau_b)
        }
      }),
    )
  })

  it('counts Kendall pairs as pair by pair', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 3, maxLength: 30 }), (drawn) => {
        let score = 0
        let untiedX = 0
        let untiedY = 0
        for (const [i, [xi, yi]] of drawn.entries()) {
          for (const [xj, yj] of drawn.slice(i + 1)) {
            score += Math.sign(xj - xi) * Math.sign(yj - yi)
            untiedX += xi === xj ? 0 : 1
            untiedY += yi === yj ? 0 : 1
          }
        }
        const result = run('correlation', { x: drawn.map(([x]) => x), y: drawn.map(([, y]) => y) })
        const tau = untiedX === 0 || untiedY === 0 ? null : score / Math.sqrt(untiedX * untiedY)
        expectNear(result.kendall_tau_b, tau)
      }),
    )
  })

  it('at lags turns round when the series change places', () => {
    fc.assert(
      fc.property(gapped(12), fc.constantFrom('lagged_pearson', 'ccf_global_means'), (values, kind) => {
        const x = values
        const y = values.map((v, i) => (v === null ? null : v * ((i % 5) - 2)))
        const forth = run('cross_correlation', { x, y }, { kind, max_lag: 4 })
        const back = run('cross_correlation', { x: y, y: x }, { kind, max_lag: 4 })
        if (forth.status !== undefined) return
        forth.r.forEach((r: number | null, k: number) => {
          expectNear(back.r[8 - k], r)
        })
      }),
    )
  })
})

describe('comparisons', () => {
  it('of pairs turn round when before and after change places', () => {
    fc.assert(
      fc.property(pairs, (drawn) => {
        const [pre, post] = [drawn.map(([a]) => a), drawn.map(([, b]) => b)]
        const forth = run('paired', { pre, post })
        const back = run('paired', { pre: post, post: pre })
        expectNear(back.mean_diff, -forth.mean_diff)
        expectNear(back.hodges_lehmann, -forth.hodges_lehmann)
        expectNear(back.t_test.p, forth.t_test.p)
        expectNear(back.wilcoxon.p, forth.wilcoxon.p)
        expectNear(back.sign_test.p, forth.sign_test.p)
        const agreed = run('bland_altman', { method1: pre, method2: post })
        expectNear(agreed.bias, -forth.mean_diff)
      }),
    )
  })

  it('of samples do not change with their order, and turn round when they change places', () => {
    fc.assert(
      fc.property(column(4), shift, (values, extra) => {
        const [pre, post] = [half(values), rest(values)]
        const forth = run('two_sample', { pre, post })
        const back = run('two_sample', { pre: [...post].reverse(), post: [...pre].reverse() })
        const moved = run('two_sample', { pre, post: post.map((v) => v + extra) })
        expectNear(back.mann_whitney.p, forth.mann_whitney.p)
        expectNear(back.cliffs_delta, -forth.cliffs_delta)
        expectNear(back.hodges_lehmann, -forth.hodges_lehmann)
        expectNear(moved.hodges_lehmann, forth.hodges_lehmann + extra)
      }),
    )
  })

  it('find medians of all pairs without laying them out', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 120 }), column(1, 120), (a, b) => {
        const sums = a.flatMap((x) => b.map((y) => x + y))
        expect(medianOfSums(a, b)).toBe(sortedMedian(sums))
        const walsh = a.flatMap((x, i) => a.slice(i).map((y) => (x + y) / 2))
        expect(medianOfWalshAverages(a)).toBe(sortedMedian(walsh))
      }),
      { numRuns: 60 },
    )
  })

  it('adjusted p values keep the order of the p values and are never below them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (p) => {
          const result = run('multiple_testing', { p })
          for (const key of ['bh', 'by', 'holm', 'hochberg', 'bonferroni']) {
            const adjusted: number[] = result[key]
            for (const [i, one] of adjusted.entries()) {
              expect(one).toBeGreaterThanOrEqual((p[i] as number) * (1 - 1e-12))
              for (const [j, other] of adjusted.entries())
                if ((p[i] as number) < (p[j] as number)) expect(one).toBeLessThanOrEqual(other * (1 + 1e-12))
            }
          }
        },
      ),
    )
  })
})

describe('rhythms', () => {
  it('circular means turn with the clock', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 24, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (hours) => {
          const plain = run('circular', { values: hours })
          const later = run('circular', { values: hours.map((hour) => hour + 29) })
          expectNear(later.resultant_length, plain.resultant_length, 9)
          if (plain.mean === null || plain.resultant_length < 1e-6) return
          const turn = (later.mean - plain.mean - 29) / 24
          expect(turn).toBeCloseTo(Math.round(turn), 6)
        },
      ),
    )
  })

  it('a cosinor finds a rhythm that is there, exactly', () => {
    const amplitude = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(
        amplitude,
        fc.double({ min: 0.1, max: 23.9, noNaN: true }),
        shift,
        (height, peak, level) => {
          const t = Array.from({ length: 50 }, (_, i) => i * 1.7)
          const y = t.map((hour) => level + height * Math.cos((2 * Math.PI * (hour - peak)) / 24))
          const result = run('cosinor', { t, y })
          expect(result.mesor).toBeCloseTo(level, 8)
          expect(result.amplitude[0]).toBeCloseTo(height, 8)
          expect(result.peak_time[0]).toBeCloseTo(peak, 7)
        },
      ),
    )
  })
})

describe('trend and averages', () => {
  it('the seasonal test follows unit and zero, and turns round with time', () => {
    fc.assert(
      fc.property(gapped(14, 70), factor, shift, (values, a, b) => {
        const plain = run('mann_kendall_seasonal', { values })
        const moved = run('mann_kendall_seasonal', {
          values: values.map((v) => (v === null ? null : a * v + b)),
        })
        expect(moved.status).toBe(plain.status)
        if (plain.status !== undefined) return
        expect(moved.s).toBe(plain.s)
        expectNear(moved.slope_per_period, a * plain.slope_per_period)
        const whole = values.slice(0, values.length - (values.length % 7))
        const forth = run('mann_kendall_seasonal', { values: whole })
        const back = run('mann_kendall_seasonal', { values: [...whole].reverse() })
        if (forth.status === undefined) expect(back.s).toBe(-forth.s || 0)
      }),
    )
  })

  it('moving averages follow unit and zero and stay within the values', () => {
    fc.assert(
      fc.property(gapped(1), factor, shift, fc.boolean(), fc.boolean(), (values, a, b, adjust, ignore_na) => {
        const options = { alpha: 0.3, adjust, ignore_na }
        const plain: (number | null)[] = run('ewma', { values }, options).values
        const changed = values.map((v) => (v === null ? null : a * v + b))
        const moved: (number | null)[] = run('ewma', { values: changed }, options).values
        const known = values.filter((v) => v !== null)
        plain.forEach((mean, i) => {
          expectNear(moved[i], mean === null ? null : a * mean + b)
          if (mean === null) return
          expect(mean).toBeGreaterThanOrEqual(Math.min(...known) - 1e-9)
          expect(mean).toBeLessThanOrEqual(Math.max(...known) + 1e-9)
        })
      }),
    )
  })

  it('the gap rules of the trend weight agree where nothing is missing', () => {
    fc.assert(
      fc.property(column(1), (weights) => {
        const plain = trendWeight(weights, { gap: 'none' })
        for (const gap of ['observation', 'interpolate', 'time_decay'] as const)
          expect(trendWeight(weights, { gap })).toEqual(plain)
      }),
    )
  })

  it('filled gaps lie between their neighbours and leave the rest alone', () => {
    fc.assert(
      fc.property(gapped(1), (values) => {
        const filled: (number | null)[] = run('gap_filling', { values }).values
        for (const [i, v] of values.entries()) {
          const before = values.slice(0, i + 1).findLast((x) => x !== null) ?? null
          const after = values.slice(i).find((x) => x !== null) ?? null
          if (before === null || after === null) expect(filled[i]).toBeNull()
          else {
            expect(filled[i]).toBeGreaterThanOrEqual(Math.min(before, after) - 1e-9)
            expect(filled[i]).toBeLessThanOrEqual(Math.max(before, after) + 1e-9)
          }
          if (v !== null) expect(filled[i]).toBe(v)
        }
      }),
    )
  })
})

describe('fast forms', () => {
  it('count inversions and lagged products as the simple forms do', () => {
    fc.assert(
      fc.property(column(1, 80), (values) => {
        let inversions = 0
        values.forEach((v, i) => {
          for (const later of values.slice(i + 1)) if (v > later) inversions++
        })
        expect(countInversions(Float64Array.from(values))).toBe(inversions)
        const column = Float64Array.from(values)
        const direct = laggedProducts(column, values.length - 1, Number.POSITIVE_INFINITY)
        const transformed = laggedProducts(column, values.length - 1, 0)
        transformed.forEach((sum, lag) => {
          expect(sum).toBeCloseTo(direct[lag] as number, 5)
        })
      }),
    )
  })
})

describe('physiology', () => {
  const intervals = fc.array(fc.integer({ min: 400, max: 1400 }), { minLength: 3, maxLength: 60 })
  it('beat statistics follow a change of scale; those of a whole do not depend on its direction', () => {
    fc.assert(
      fc.property(intervals, (rr_ms) => {
        const plain = run('hrv', { rr_ms })
        const doubled = run('hrv', { rr_ms: rr_ms.map((rr) => 2 * rr) })
        const reversed = run('hrv', { rr_ms: [...rr_ms].reverse() })
        expectNear(doubled.sdnn, 2 * plain.sdnn)
        expectNear(doubled.rmssd, 2 * plain.rmssd)
        expectNear(doubled.mean_hr, plain.mean_hr / 2)
        for (const key of ['sdnn', 'rmssd', 'pnn50', 'sd1', 'sd2']) expectNear(reversed[key], plain[key])
      }),
    )
  })

  it('shares of glucose ranges add up to all readings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 40, max: 400 }), { minLength: 1, maxLength: 80 }),
        (glucose_mgdl) => {
          const offset_s = glucose_mgdl.map((_, i) => 300 * i)
          const result = run('cgm', { start_local: '2026-01-01T06:00:00', offset_s, glucose_mgdl })
          expect(result.tbr_below_70 + result.tir_70_180 + result.tar_above_180).toBeCloseTo(100, 9)
          expect(result.gri).toBeLessThanOrEqual(100)
          const shuffled = run('cgm', {
            start_local: '2026-01-01T06:00:00',
            offset_s: [...offset_s].reverse(),
            glucose_mgdl: [...glucose_mgdl].reverse(),
          })
          expect(shuffled).toEqual(result)
        },
      ),
    )
  })

  it('too little data is a status, never a number', () => {
    expect(run('cosinor', { t: [0, 12, 24, 36, 48], y: [1, 2, 1, 2, 1] })).toMatchObject({
      status: 'degenerate_x',
    })
    expect(run('paired', { pre: [1], post: [2] })).toMatchObject({ status: 'insufficient_data' })
  })
})
