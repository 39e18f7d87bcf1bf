import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chiSquareUpperP,
  erfc,
  fisherFUpperP,
  normalCdf,
  normalQuantile,
  normalTwoSidedP,
  studentTCdf,
  studentTQuantile,
  studentTTwoSidedP,
  welch,
} from '../../../src/analytics/index.ts'
import { logGamma } from '../../../src/analytics/statistics/beta.ts'

const close = (got: number, want: number) => Math.abs(got - want) <= 1e-12 + 1e-10 * Math.abs(want)

// Expected numbers: scipy 1.17.1 (stats.norm, stats.t, stats.f, stats.chi2, special.erfc, special.gammaln).
const reference: readonly [string, () => number, number][] = [
  ['normalCdf(-8)', () => normalCdf(-8), 6.22096057427174e-16],
  ['normalCdf(-3.3)', () => normalCdf(-3.3), 0.00048342414238377744],
  ['normalCdf(-1)', () => normalCdf(-1), 0.15865525393145707],
  ['normalCdf(0.2)', () => normalCdf(0.2), 0.579259709439103],
  ['normalCdf(1.96)', () => normalCdf(1.96), 0.9750021048517795],
  ['normalCdf(4.5)', () => normalCdf(4.5), 0.9999966023268753],
  ['normalQuantile(1e-12)', () => normalQuantile(1e-12), -7.034483825301131],
  ['normalQuantile(0.001)', () => normalQuantile(0.001), -3.090232306167813],
  ['normalQuantile(0.025)', () => normalQuantile(0.025), -1.9599639845400545],
  ['normalQuantile(0.4)', () => normalQuantile(0.4), -0.2533471031357997],
  ['normalQuantile(0.9)', () => normalQuantile(0.9), 1.2815515655446004],
  ['normalQuantile(0.99999)', () => normalQuantile(0.99999), 4.264890793923841],
  ['normalTwoSidedP(0.3)', () => normalTwoSidedP(0.3), 0.7641771556220948],
  ['normalTwoSidedP(5)', () => normalTwoSidedP(5), 5.733031437583866e-7],
  ['normalTwoSidedP(12)', () => normalTwoSidedP(12), 3.552964224155306e-33],
  ['erfc(0.1)', () => erfc(0.1), 0.8875370839817152],
  ['erfc(1.9)', () => erfc(1.9), 0.007209570764742531],
  ['erfc(2.1)', () => erfc(2.1), 0.0029794666563329845],
  ['erfc(6)', () => erfc(6), 2.1519736712498913e-17],
  ['erfc(20)', () => erfc(20), 5.395865611607901e-176],
  ['studentTCdf(0.5, 1)', () => studentTCdf(0.5, 1), 0.6475836176504333],
  ['studentTCdf(2, 3)', () => studentTCdf(2, 3), 0.9303370157205785],
  ['studentTCdf(-4, 7.5)', () => studentTCdf(-4, 7.5), 0.002253055175092589],
  ['studentTCdf(12, 30)', () => studentTCdf(12, 30), 0.999999999999721],
  ['studentTCdf(1.97, 363)', () => studentTCdf(1.97, 363), 0.9752009203899646],
  ['studentTTwoSidedP(25, 40)', () => studentTTwoSidedP(25, 40), 4.963343444478322e-26],
  ['studentTTwoSidedP(3, 2.2)', () => studentTTwoSidedP(3, 2.2), 0.08502068982541343],
  ['studentTQuantile(0.975, 1)', () => studentTQuantile(0.975, 1), 12.706204736174694],
  ['studentTQuantile(0.025, 4)', () => studentTQuantile(0.025, 4), -2.7764451051977943],
  ['studentTQuantile(0.995, 2.5)', () => studentTQuantile(0.995, 2.5), 7.163728138948783],
  ['studentTQuantile(0.9, 1000)', () => studentTQuantile(0.9, 1000), 1.2823987214609247],
  ['studentTQuantile(1e-08, 6)', () => studentTQuantile(1e-8, 6), -38.662010446343125],
  ['fisherFUpperP(2.5, 6, 80)', () => fisherFUpperP(2.5, 6, 80), 0.028711714598278575],
  ['fisherFUpperP(0.3, 3, 5)', () => fisherFUpperP(0.3, 3, 5), 0.8247137692919986],
  ['fisherFUpperP(30, 6, 200)', () => fisherFUpperP(30, 6, 200), 1.574210987102074e-25],
  ['chiSquareUpperP(0.5, 1)', () => chiSquareUpperP(0.5, 1), 0.47950012218695337],
  ['chiSquareUpperP(12, 10)', () => chiSquareUpperP(12, 10), 0.2850565003166312],
  ['chiSquareUpperP(300, 10)', () => chiSquareUpperP(300, 10), 1.5546747543803087e-58],
  ['chiSquareUpperP(3, 25)', () => chiSquareUpperP(3, 25), 0.9999999767048664],
  ['logGamma(0.1)', () => logGamma(0.1), 2.252712651734206],
  ['logGamma(0.5)', () => logGamma(0.5), 0.5723649429247],
  ['logGamma(3.7)', () => logGamma(3.7), 1.428072326665388],
  ['logGamma(500)', () => logGamma(500), 2605.115850361734],
  [
    'welch({ mean: 10, variance: 2, n: 12 }, { mean: 9, variance: 9, n: 20 }).p',
    () => welch({ mean: 10, variance: 2, n: 12 }, { mean: 9, variance: 9, n: 20 }).p,
    0.21303237018208604,
  ],
]

describe('distributions agree with scipy to ten digits', () => {
  it.each(reference)('%s', (_name, got, want) => {
    expect(close(got(), want), `${got()} for ${want}`).toBe(true)
  })
})

describe('distributions', () => {
  it('invert: the quantile of a probability has that probability', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        fc.double({ min: 0.8, max: 400, noNaN: true }),
        (p, df) => {
          expect(close(normalCdf(normalQuantile(p)), p)).toBe(true)
          expect(Math.abs(studentTCdf(studentTQuantile(p, df), df) - p)).toBeLessThan(1e-10)
        },
      ),
    )
  })

  it('end in 0 and 1 at the edges', () => {
    expect(erfc(30)).toBe(0)
    expect(normalCdf(-60)).toBe(0)
    expect(normalCdf(60)).toBe(1)
    expect(studentTTwoSidedP(Number.MAX_VALUE, 5)).toBe(0)
    expect(fisherFUpperP(0, 2, 3)).toBe(1)
    expect(chiSquareUpperP(0, 2)).toBe(1)
    expect(studentTQuantile(0.5, 3)).toBe(0)
  })

  it('refuse what has no answer', () => {
    for (const wrong of [
      () => normalQuantile(0),
      () => normalQuantile(Number.NaN),
      () => studentTQuantile(1, 3),
      () => studentTQuantile(0.3, 0),
      () => studentTTwoSidedP(1, Number.NaN),
      () => fisherFUpperP(1, 0, 3),
      () => welch({ mean: 1, variance: 1, n: 1 }, { mean: 1, variance: 1, n: 5 }),
    ]) {
      expect(wrong).toThrowError(expect.objectContaining({ code: 'VALUE' }))
    }
  })

  it('compares means without variance exactly', () => {
    expect(welch({ mean: 3, variance: 0, n: 4 }, { mean: 2, variance: 0, n: 4 })).toMatchObject({
      p: 0,
      ci: [1, 1],
    })
    expect(welch({ mean: 2, variance: 0, n: 4 }, { mean: 2, variance: 0, n: 4 }).p).toBe(1)
  })
})
