import { describe, expect, it } from 'vitest'
import { type TrendOptions, trendOf } from '../../../src/insight/index.ts'
import { autoregressiveNoise, seededNormal } from '../../seeded-noise.ts'

const options: TrendOptions = {
  metric: 'weight',
  name: 'Weight',
  unit: 'kg',
  format: { value: (v) => `${v.toFixed(1)} kg`, change: (v) => `${v.toFixed(2)} kg` },
}
const firstDay = 20_500
const daily = (values: ArrayLike<number>, step = 1) => ({
  day: Int32Array.from(values, (_, i) => firstDay + i * step),
  value: Float64Array.from(values),
})
const noise = (n: number, phi = 0.3, seed = 1) => autoregressiveNoise(n, phi, seededNormal(seed))
const refused = expect.objectContaining({ code: 'VALUE' })

describe('trend', () => {
  it('sees a rise, and gives slope, interval and sentence in agreement', () => {
    const result = trendOf(daily(noise(60).map((v, i) => 80 + 0.3 * v + 0.05 * i)), options)
    expect(result).toMatchObject({
      direction: 'rising',
      method: 'theil-sen',
      n: 60,
      from: '2026-02-16',
      to: '2026-04-16',
    })
    expect(result.slope?.perDay).toBeCloseTo(0.05, 2)
    expect(result.slope?.perWeek).toBeCloseTo((result.slope?.perDay ?? 0) * 7, 12)
    expect(result.slope?.ci95[0]).toBeGreaterThan(0)
    expect(result.test?.p).toBeLessThan(0.05)
    expect(result.text).toMatch(
      /^Weight is rising by about 0\.\d\d kg a week \(95 % interval \+0\.\d\d kg to \+0\.\d\d kg\) over 60 days, 60 of them with a value\.$/,
    )
  })

  it('sees a fall by either method, in months for long periods', () => {
    const series = daily(noise(200).map((v, i) => 80 + 0.3 * v - 0.02 * i))
    expect(trendOf(series, options).text).toContain('falling by about')
    const result = trendOf(series, { ...options, method: 'ols' })
    expect(result).toMatchObject({
      direction: 'falling',
      method: 'ols',
      test: { name: 'ols-t-autocorrelated', tau: null },
    })
    expect(result.text).toContain('a month')
  })

  it('says steady only within the margin, and tells it', () => {
    const flat = daily(noise(120).map((v) => 80 + 0.1 * v))
    expect(trendOf(flat, options).direction).toBe('unclear')
    const result = trendOf(flat, { ...options, irrelevantChange: 1 })
    expect(result).toMatchObject({ direction: 'steady', margin: 1 })
    expect(result.text).toContain('within the 1.00 kg that would matter')
    expect(trendOf(flat, { ...options, irrelevantChange: 0.0001 }).direction).toBe('unclear')
  })

  it('calls constant values steady', () => {
    const result = trendOf(daily(new Float64Array(30).fill(80)), options)
    expect(result).toMatchObject({
      direction: 'steady',
      slope: { perDay: 0, ci95: [0, 0] },
      changePoints: [],
    })
    expect(result.text).toBe('Weight did not change at all over 30 days, 30 of them with a value.')
    expect(trendOf(daily(new Float64Array(30).fill(80)), { ...options, method: 'ols' }).direction).toBe(
      'steady',
    )
  })

  it('sees an exact line by either method', () => {
    const line = daily(Float64Array.from({ length: 20 }, (_, i) => 10 - i))
    expect(trendOf(line, options).direction).toBe('falling')
    expect(trendOf(line, { ...options, method: 'ols' }).direction).toBe('falling')
  })

  it('claims nothing on thin data and says what is missing', () => {
    const few = trendOf(daily([80, 81, 82, 83, 84], 5), options)
    expect(few).toMatchObject({
      direction: 'unclear',
      slope: null,
      test: null,
      missing: '3 more days with a value',
    })
    expect(few.text).toBe(
      'Not enough data for a trend of weight: 5 days with a value within 21 days; it needs 3 more days with a value.',
    )
    expect(trendOf(daily([1, 2, 3, 4, 5, 6, 7, 8, 9]), options).missing).toBe('a period of at least 14 days')
    expect(trendOf(daily([1, 2, 3, 4, 5, 6, 7], 3), options).missing).toBe('1 more day with a value')
    expect(trendOf(daily([]), { ...options, method: 'ols' })).toMatchObject({
      n: 0,
      from: null,
      latest: null,
      method: 'ols',
    })
  })

  it('drops missing values and refuses infinite ones and days out of order', () => {
    const values = noise(40).map((v, i) => (i % 5 === 0 ? Number.NaN : v))
    expect(trendOf(daily(values), options).n).toBe(32)
    expect(() => trendOf(daily([1, Number.POSITIVE_INFINITY]), options)).toThrowError(refused)
    expect(() => trendOf(daily([1, 2], -1), options)).toThrowError(refused)
    expect(() => trendOf({ day: new Int32Array(1), value: new Float64Array(2) }, options)).toThrowError(
      refused,
    )
  })

  it('names a lasting shift', () => {
    const result = trendOf(daily(noise(80).map((v, i) => (i < 40 ? 60 : 66) + v)), options)
    expect(result.changePoints).toHaveLength(1)
    expect(result.text).toContain(`around ${result.changePoints[0]?.at}`)
    const twice = trendOf(daily(noise(240).map((v, i) => (i < 80 ? 60 : i < 160 ? 70 : 62) + v)), options)
    expect(twice.text).toContain('after 1 earlier shift')
  })

  it('takes the weekly season off by STL on request, and judges only days with a value', () => {
    const values = noise(120).map((v, i) => 80 + 0.3 * v + 0.05 * i + (i % 7 === 5 ? 2 : 0))
    values[50] = Number.NaN
    const result = trendOf(daily(values), { ...options, method: 'stl' })
    expect(result).toMatchObject({ method: 'stl', direction: 'rising', n: 119, seasonality: { period: 7 } })
    expect(result.slope?.perDay).toBeCloseTo(0.05, 2)
    expect(result.text).toMatch(
      /highest on Saturdays \(\+1\.\d\d kg\) and lowest on \w+days \(−0\.\d\d kg\), which is allowed for/,
    )
  })

  it('says what STL needs where days are few or mostly missing', () => {
    const few = trendOf(daily(noise(20)), { ...options, method: 'stl' })
    const sparse = trendOf(daily(noise(30), 3), { ...options, method: 'stl' })
    for (const result of [few, sparse]) {
      expect(result).toMatchObject({ method: 'stl', slope: null, direction: 'unclear' })
      expect(result.text).toContain('at least 21 days, half of them with a value, for STL')
    }
  })

  it('allows for the days of the week', () => {
    const result = trendOf(daily(noise(84).map((v, i) => v + (i % 7 < 2 ? 5 : 0) + 0.05 * i)), options)
    expect(result).toMatchObject({ direction: 'rising', seasonality: { period: 7 } })
    expect(result.text).toContain('within the week it is highest on Tuesdays (+4.10 kg)')
  })

  it('takes the line where coarse values make every rank slope zero', () => {
    const result = trendOf(daily(noise(150).map((v, i) => Math.round(0.4 * v + i / 200))), options)
    expect(result).toMatchObject({
      method: 'ols',
      direction: 'rising',
      test: { name: 'mann-kendall-hamed-rao' },
    })
  })

  it('thins more than a thousand days to weekly medians', () => {
    const result = trendOf(daily(noise(1600, 0).map((v, i) => v + i / 500)), options)
    expect(result).toMatchObject({ thinnedToWeeks: true, n: 1600, direction: 'rising' })
  })

  it('keeps the newest record that the caller knows, and names of abbreviations', () => {
    const latest = { at: '2026-03-01T07:30:00+01:00', value: 80 }
    expect(trendOf(daily(noise(20)), { ...options, latest }).latest).toEqual(latest)
    expect(trendOf(daily([]), { ...options, name: 'HDL cholesterol' }).text).toContain(
      'trend of HDL cholesterol',
    )
  })
})

describe('trend on noise', () => {
  // Short form 250 series a cell; five per cent and three standard errors of the whole row. The long form is sharper.
  const long = process.env['HEALTHMATE_TEST_LONG'] === '1'
  const runs = long ? 3000 : 250
  const lengths = long ? [5, 10, 14, 20, 30, 45, 60, 90, 140, 200, 300, 400] : [5, 14, 20, 30, 60, 120, 400]
  it.each([0, 0.3, 0.5, 0.7])(
    'claims a direction or a shift in at most 5 %% of series with phi %f',
    (phi) => {
      for (const n of lengths) {
        const normal = seededNormal(n * 100 + phi * 10)
        const count = n >= 400 ? Math.ceil(runs / 2) : runs
        const claimed = { direction: 0, ols: 0, shift: 0 }
        for (let run = 0; run < count; run++) {
          const series = daily(autoregressiveNoise(n, phi, normal))
          const result = trendOf(series, options)
          if (/rising|falling/.test(result.direction)) claimed.direction++
          if (/rising|falling/.test(trendOf(series, { ...options, method: 'ols' }).direction)) claimed.ols++
          if (result.changePoints.length > 0) claimed.shift++
        }
        const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / count)
        for (const [what, times] of Object.entries(claimed)) {
          expect(times / count, `${what} at n ${n}, phi ${phi}`).toBeLessThanOrEqual(limit)
        }
      }
    },
    600_000,
  )
})
