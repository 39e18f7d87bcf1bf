/** What people see: units by preference, rounding, compound units, words; and the bounds that catch errors. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkBounds,
  decimalsFor,
  decimalText,
  differenceIn,
  displayUnit,
  findMetric,
  formatValue,
  metrics,
  parseQuantity,
  resolveUnit,
  toCanonical,
  type UnitSystem,
  unitLabel,
} from '../../../src/metrics/index.ts'

const shownIn = (system: UnitSystem, name: string, overrides: Record<string, string> = {}) =>
  displayUnit(findMetric(name), { system, overrides }).ucum

const shown = (name: string, values: number[], unit?: string) => {
  const metric = findMetric(name)
  return formatValue(metric, values, resolveUnit(metric, unit ?? metric.unit))
}

describe('displayUnit', () => {
  it('follows the system', () => {
    expect(
      ['metric', 'uk', 'us', 'imperial'].map((system) => shownIn(system as UnitSystem, 'glucose')),
    ).toEqual(['mmol/L', 'mmol/L', 'mg/dL', 'mg/dL'])
    expect(shownIn('metric', 'total_cholesterol')).toBe('mmol/L')
    expect(shownIn('uk', 'total_cholesterol')).toBe('mmol/L')
    expect(shownIn('us', 'total_cholesterol')).toBe('mg/dL')
    expect(shownIn('us', 'weight')).toBe('[lb_av]')
    expect(shownIn('uk', 'weight')).toBe('kg')
    expect(shownIn('us', 'temperature')).toBe('[degF]')
    expect(shownIn('uk', 'hba1c')).toBe('mmol/mol')
  })

  it('lets the person overrule it, with a unit of the metric only', () => {
    expect(shownIn('uk', 'weight', { weight: '[stone_av]' })).toBe('[stone_av]')
    expect(shownIn('uk', 'weight', { weight: 'st' })).toBe('[stone_av]')
    expect(() => shownIn('us', 'weight', { weight: 'cm' })).toThrow(/no unit of weight/)
  })

  it('has a unit for every metric in every system', () => {
    for (const metric of metrics) {
      for (const system of ['metric', 'uk', 'us', 'imperial'] as const) {
        expect(metric.units).toContain(displayUnit(metric, { system, overrides: {} }))
      }
    }
  })
})

describe('differenceIn', () => {
  it.each([
    ['weight', 'st', 0.5, { value: 7, label: 'lb' }],
    ['weight', 'kg', 0.5, { value: 0.5, label: 'kg' }],
    ['height', 'ft', 0.25, { value: 3, label: 'in' }],
    ['elevation_gain', 'ft', 30, { value: 30, label: 'ft' }],
  ])(
    'says a difference of %s shown in %s in the small unit where levels have two',
    (name, unit, by, said) => {
      const metric = findMetric(name)
      expect(differenceIn(metric, resolveUnit(metric, unit), by)).toEqual(said)
    },
  )
})

describe('formatValue', () => {
  it.each([
    ['bp', [128, 82], undefined, '128/82 mmHg'],
    ['bp', [128, 82], 'kPa', '17.1/10.9 kPa'],
    ['weight', [81.4], undefined, '81.4 kg'],
    ['weight', [81.4], 'lb', '179.5 lb'],
    ['weight', [78.108606], 'st', '12 st 4.2 lb'],
    ['weight', [76.2], 'st', '12 st 0 lb'],
    ['weight', [76.1], 'st', '11 st 13.8 lb'],
    ['height', [180.34], 'ft', '5 ft 11 in'],
    ['height', [182.7], 'ft', '5 ft 11.9 in'],
    ['height', [182.87], 'ft', '6 ft 0 in'],
    ['elevation_gain', [100], 'ft', '328 ft'],
    ['glucose', [5.6], undefined, '5.6 mmol/L'],
    ['glucose', [5.6], 'mg/dL', '101 mg/dL'],
    ['temperature', [37.05], '[degF]', '98.7 °F'],
    ['creatinine', [0.95], 'umol/L', '84 µmol/L'],
    ['oxygen_saturation', [97], undefined, '97 %'],
    ['sleep_asleep', [452], undefined, '7 h 32 min'],
    ['sleep_asleep', [45], undefined, '45 min'],
    ['sleep_asleep', [119.7], undefined, '2 h 0 min'],
    ['urine_glucose', [0.5], undefined, 'trace'],
    ['menstrual_flow', [3], undefined, 'medium'],
    ['menstrual_flow', [2.5], undefined, '3 grade'],
    ['symptom_headache', [6], undefined, '6 points'],
    ['cholesterol_hdl_ratio', [3.45], undefined, '3.5'],
    ['temperature_deviation', [-0.001], undefined, '0.00 °C'],
    ['weight', [Number.NaN], undefined, 'no number'],
  ])('%s %j in %s is %s', (name, values, unit, text) => {
    expect(shown(name, values, unit)).toBe(text)
  })

  it('writes what parseQuantity reads back, to the digits shown, for every metric and unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...metrics),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (metric, pick, share) => {
          const unit = metric.units[pick % metric.units.length]
          if (!unit) return
          const parts = metric.components.length > 0 ? metric.components : [metric]
          const values = parts.map(({ plausible: [low, high] }) => low + share * (high - low))
          const text = formatValue(metric, values, unit)
          const read = parseQuantity(metric, text)
          const readUnit = read.unit ?? unit
          for (const [index, value] of read.values.entries()) {
            const canonical =
              metric.values && read.unit === null ? value : toCanonical(metric, readUnit, value)
            const digit = Math.max(1, unit.factor, readUnit.factor) * 10 ** -decimalsFor(metric, unit)
            expect(
              Math.abs(canonical - (values[index] as number)),
              `${metric.id}: ${text}`,
            ).toBeLessThanOrEqual(digit)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('labels units, also those outside the catalogue', () => {
    expect(unitLabel(findMetric('weight'), '[lb_av]')).toBe('lb')
    expect(unitLabel(findMetric('weight'), '[gr]')).toBe('[gr]')
  })
})

describe('decimalText', () => {
  it.each([
    [0.5, 0, '1'],
    [1.5, 0, '2'],
    [-0.5, 0, '-1'],
    [-2.5, 0, '-3'],
    [1.005, 2, '1.01'],
    [8.345, 2, '8.35'],
    [-0.04, 1, '0.0'],
    [-0, 1, '0.0'],
    [179.94999999999996, 1, '180.0'],
    [99.995, 2, '100.00'],
    [1e-7, 3, '0.000'],
    [5e-4, 3, '0.001'],
    [1e15, 0, '1000000000000000'],
    [1.5e21, 1, '1500000000000000000000.0'],
  ])('writes %d with %d digits as %s', (value, digits, text) => {
    expect(decimalText(value, digits)).toBe(text)
  })

  it('is within half a digit of the number and never -0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (value, digits) => {
          const text = decimalText(value, digits)
          expect(text).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`))
          expect(text).not.toMatch(/^-0(\.0*)?$/)
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-5)
        },
      ),
    )
  })
})

describe('checkBounds', () => {
  const check = (name: string, ...values: number[]) => checkBounds(findMetric(name), values)

  it('accepts the plausible, including the bound itself', () => {
    expect(check('weight', 81.4)).toBe('ok')
    expect(check('weight', 500)).toBe('ok')
    expect(check('bp', 128, 82)).toBe('ok')
    expect(check('glucose', 5 / 18.0156 + 0.01)).toBe('ok')
  })

  it('tells the implausible with the bounds that were left', () => {
    expect(check('weight', 600)).toEqual({ kind: 'implausible', component: null, low: 0.3, high: 500 })
    expect(check('bp', 310, 82)).toMatchObject({ kind: 'implausible', component: 'systolic' })
    expect(check('bp', 128, 3)).toMatchObject({ kind: 'implausible', component: 'diastolic', low: 5 })
  })

  it('tells the impossible before the implausible', () => {
    expect(check('weight', -1)).toMatchObject({ kind: 'impossible' })
    expect(check('bp', 310, 999)).toMatchObject({ kind: 'impossible', component: 'systolic', low: 999 })
    expect(check('bp', 82, 128)).toMatchObject({ kind: 'impossible', component: 'systolic', low: 128 })
    expect(check('oxygen_saturation', 9700)).toMatchObject({ kind: 'impossible', high: 100 })
    expect(check('heart_rate', Number.NaN)).toMatchObject({ kind: 'impossible' })
    expect(check('bp', 128)).toMatchObject({ kind: 'impossible', component: 'diastolic' })
  })
})
