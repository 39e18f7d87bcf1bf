/** Reading typed quantities: what is accepted, and what is refused with which question. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/foundation/index.ts'
import { findMetric, metrics, parseQuantity } from '../../../src/metrics/index.ts'

function parse(name: string, text: string) {
  const { values, unit } = parseQuantity(findMetric(name), text)
  return { values, unit: unit?.ucum ?? null }
}

function codeOf(name: string, text: string): string {
  try {
    parseQuantity(findMetric(name), text)
  } catch (error) {
    if (error instanceof Failure) {
      expect(error.hint).toBeTruthy()
      return error.code
    }
    throw error
  }
  return 'accepted'
}

describe('parseQuantity accepts', () => {
  it.each([
    ['weight', '81.4kg', [81.4], 'kg'],
    ['weight', '  81.4   KG ', [81.4], 'kg'],
    ['weight', '180 lbs', [180], '[lb_av]'],
    ['weight', '12st 4lb', [172], '[lb_av]'],
    ['weight', '12 stone 4.2', [172.2], '[lb_av]'],
    ['weight', '12st', [12], '[stone_av]'],
    ['weight', '7 lb 3 oz', [115], '[oz_av]'],
    ['weight', '81.4', [81.4], null],
    ['height', '5\'11"', [71], '[in_i]'],
    ['height', '5′ 11″', [71], '[in_i]'],
    ['height', '5ft 11in', [71], '[in_i]'],
    ['height', "6'", [6], '[ft_i]'],
    ['height', '1,82 m', [1.82], 'm'],
    ['bp', '128/82', [128, 82], null],
    ['bp', '128 / 82 mmHg', [128, 82], 'mm[Hg]'],
    ['bp', '128 over 82', [128, 82], null],
    ['bp', '17.1/10.9kPa', [17.1, 10.9], 'kPa'],
    ['temperature', '37,5 °C', [37.5], 'Cel'],
    ['temperature', '98.6F', [98.6], '[degF]'],
    ['glucose', '5.6mmol/L', [5.6], 'mmol/L'],
    ['glucose', '101 mg/dl', [101], 'mg/dL'],
    ['creatinine', '84 µmol/L', [84], 'umol/L'],
    ['creatinine', '84 μmol/l', [84], 'umol/L'],
    ['platelets', '250 10*3/uL', [250], '10*3/uL'],
    ['platelets', '250 ×10³/µL', [250], '10*3/uL'],
    ['platelets', '250 x10^9/L', [250], '10*9/L'],
    ['egfr', '92 mL/min/1.73m²', [92], 'mL/min/{1.73_m2}'],
    ['vo2_max', '42.1 mL/min·kg', [42.1], 'mL/kg/min'],
    ['sleep_asleep', '7h 32m', [452], 'min'],
    ['sleep_asleep', '7.5 h', [7.5], 'h'],
    ['crp', '0,125 mg/dL', [0.125], 'mg/dL'],
    ['crp', '0.5', [0.5], null],
    ['crp', '.5', [0.5], null],
    ['anion_gap', '−3', [-3], null],
    ['steps', '1e-7', [1e-7], null],
    ['menstrual_flow', 'Heavy', [4], null],
    ['urine_glucose', '2+', [2], null],
    ['urine_glucose', 'trace', [0.5], null],
    ['pregnancy_test', 'negative', [0], null],
    ['symptom_headache', 'severe', [9], null],
    ['symptom_headache', '6', [6], null],
    ['active_energy', '500 Cal', [500], 'kcal'],
  ])('%s %s', (name, text, values, unit) => {
    expect(parse(name, text)).toEqual({ values, unit })
  })
})

describe('parseQuantity refuses', () => {
  it.each([
    ['weight', '', 'VALUE'],
    ['weight', 'NaN', 'VALUE'],
    ['weight', 'Infinity', 'VALUE'],
    ['weight', '0x51', 'UNIT'],
    ['weight', '81.4 kg kg', 'UNIT'],
    ['weight', '81.4.2', 'VALUE'],
    ['weight', '1,234.5', 'VALUE'],
    ['weight', 'kg', 'VALUE'],
    ['weight', '80-82', 'UNIT'],
    ['weight', '80/82', 'VALUE'],
    ['weight', '12st 15lb', 'VALUE'],
    ['weight', '5.6 mmol/L', 'UNIT'],
    ['weight', `${'9'.repeat(400)}`, 'VALUE'],
    ['weight', '1e999', 'VALUE'],
    ['height', '5\'12"', 'VALUE'],
    ['steps', '1,234', 'VALUE'],
    ['bp', '128', 'VALUE'],
    ['bp', '128/82/60', 'VALUE'],
    ['bp', '128/', 'VALUE'],
    ['crp', '<0.5', 'VALUE'],
    ['active_energy', '500 cal', 'UNIT'],
    ['menstrual_flow', 'torrential', 'VALUE'],
    ['menstrual_flow', 'toString', 'VALUE'],
    ['egfr', '92 mL/min', 'UNIT'],
    ['temperature', '37.5 kg', 'UNIT'],
  ])('%s "%s" with %s', (name, text, code) => {
    expect(codeOf(name, text)).toBe(code)
  })

  it('asks what an ambiguous comma means', () => {
    expect(() => parseQuantity(findMetric('steps'), '1,234')).toThrow('does "1,234" mean 1234 or 1.234?')
  })

  it('echoes no control characters', () => {
    try {
      parseQuantity(findMetric('weight'), '81 \u001b[31m\u202e')
    } catch (error) {
      expect(['\u001b', '\u202e'].filter((character) => String(error).includes(character))).toEqual([])
    }
    expect.assertions(1)
  })
})

describe('parseQuantity always', () => {
  const anyMetric = fc.constantFrom(...metrics)

  it('gives finite numbers, one per component, or a VALUE or UNIT failure', () => {
    fc.assert(
      fc.property(
        anyMetric,
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: fc.constantFrom(...'0123456789.,/+- kgmlLst\'"xe%') }),
        (metric, a, b) => {
          for (const text of [a, b]) {
            try {
              const { values } = parseQuantity(metric, text)
              expect(values).toHaveLength(Math.max(1, metric.components.length))
              expect(values.every(Number.isFinite)).toBe(true)
            } catch (error) {
              expect(error).toBeInstanceOf(Failure)
              expect(['VALUE', 'UNIT']).toContain((error as Failure).code)
            }
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('reads back any number with any unit of the metric, with or without a blank before words', () => {
    fc.assert(
      fc.property(
        anyMetric,
        fc.nat(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (metric, pick, value) => {
          const unit = metric.units[pick % metric.units.length]
          if (!unit) return
          const numbers = Array.from({ length: Math.max(1, metric.components.length) }, () => value)
          const parsed = parseQuantity(metric, `${numbers.join('/')} ${unit.ucum}`)
          expect(parsed.unit?.ucum).toBe(unit.ucum)
          expect(parsed.values.map((number) => number + 0)).toEqual(numbers.map((number) => number + 0))
        },
      ),
      { numRuns: 1000 },
    )
  })
})
