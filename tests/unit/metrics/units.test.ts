/** Units: spellings, UCUM beyond the catalogue, conversions and their round trips. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AcceptedUnit,
  conversion,
  findMetric,
  fromCanonical,
  metrics,
  resolveUnit,
  resolveUnitWithUcum,
  toCanonical,
} from '../../../src/metrics/index.ts'

const convert = (name: string, value: number, ucum: string) => {
  const metric = findMetric(name)
  const { factor, offset } = conversion(metric.id, ucum)
  return factor * value + offset
}

describe('resolveUnit', () => {
  it('knows UCUM codes by case and spellings without', () => {
    const weight = findMetric('weight')
    expect(resolveUnit(weight, '[lb_av]').ucum).toBe('[lb_av]')
    expect(resolveUnit(weight, 'Pounds').ucum).toBe('[lb_av]')
    expect(resolveUnit(findMetric('heart_rate'), 'count/min').ucum).toBe('/min')
    expect(resolveUnit(findMetric('bmi'), 'count').ucum).toBe('kg/m2')
  })

  it('refuses others and names what it accepts', () => {
    expect(() => resolveUnit(findMetric('glucose'), 'mg')).toThrow('"mg" is no unit of glucose')
    expect(() => resolveUnit(findMetric('glucose'), 'mg')).toThrow(
      expect.objectContaining({ code: 'UNIT', hint: 'Write mmol/L or mg/dL.' }),
    )
  })

  it('asks which calorie is meant, also by way of UCUM', async () => {
    const energy = findMetric('active_energy')
    expect(() => resolveUnit(energy, 'cal')).toThrow(/kilocalorie/)
    await expect(resolveUnitWithUcum(energy, 'CAL')).rejects.toThrow(/kilocalorie/)
    expect(resolveUnit(energy, 'Cal').ucum).toBe('kcal')
  })
})

describe('resolveUnitWithUcum', () => {
  const resolve = async (name: string, text: string): Promise<AcceptedUnit> =>
    resolveUnitWithUcum(findMetric(name), text)

  it('takes any unit of the same kind', async () => {
    expect(await resolve('weight', 't')).toMatchObject({ ucum: 't', factor: 1000, offset: 0 })
    expect(await resolve('weight', '[gr]')).toMatchObject({ factor: 0.00006479891 })
    expect(await resolve('platelets', '10*6/mL')).toMatchObject({ factor: 1, offset: 0 })
    expect(await resolve('heart_rate', 'Hz')).toMatchObject({ factor: 60 })
    expect(await resolve('weight', 'kg')).toMatchObject({ ucum: 'kg' })
  })

  it('goes from mass to molar only through the analyte’s own factor', async () => {
    const { factor } = await resolve('glucose', 'g/L')
    expect(factor * 1.8).toBeCloseTo(9.9913, 3)
    await expect(resolve('crp', 'mmol/L')).rejects.toThrow(/no unit/)
    await expect(resolve('lipoprotein_a_mass', 'umol/L')).rejects.toThrow(/no unit/)
  })

  it('keeps zero points apart from differences', async () => {
    expect(await resolve('body_temperature', 'mK')).toMatchObject({ factor: 0.001, offset: -273.15 })
  })

  it.each([
    ['oxygen_saturation', '[ppth]'],
    ['steps', '%'],
    ['egfr', 'L/min'],
    ['egfr', 'mL/s'],
    ['d_dimer_feu', 'ng{DDU}/L'],
    ['weight', '70kg'],
    ['weight', 'furlong'],
    ['weight', ''],
    ['weight', 'kg\u202e'],
    ['weight', `k${'g'.repeat(80)}`],
    ['headphone_audio_exposure', 'Pa'],
    ['hba1c', '1'],
  ])('refuses %s in "%s"', async (name, text) => {
    await expect(resolve(name, text)).rejects.toMatchObject({ code: 'UNIT' })
  })
})

describe('conversion', () => {
  it('is exact where units are defined exactly', () => {
    expect(convert('weight', 1, '[lb_av]')).toBe(0.45359237)
    expect(convert('weight', 1, '[stone_av]')).toBe(6.35029318)
    expect(convert('height', 1, '[in_i]')).toBe(2.54)
    expect(convert('distance_cycling', 1, '[mi_i]')).toBe(1.609344)
    expect(convert('temperature', 98.6, '[degF]')).toBeCloseTo(37, 12)
    expect(convert('temperature', 212, '[degF]')).toBeCloseTo(100, 12)
    expect(convert('active_energy', 4.184, 'kJ')).toBe(1)
    expect(convert('oxygen_saturation', 0.97, '1')).toBe(97)
  })

  it('uses the published factors of analytes', () => {
    expect(convert('glucose', 100, 'mg/dL')).toBeCloseTo(5.55, 2)
    expect(convert('total_cholesterol', 5.2, 'mmol/L')).toBeCloseTo(201.08, 2)
    expect(convert('triglycerides', 1.7, 'mmol/L')).toBeCloseTo(150.6, 1)
    expect(convert('creatinine', 88.4, 'umol/L')).toBeCloseTo(1, 12)
    expect(convert('hba1c', 48, 'mmol/mol')).toBeCloseTo(6.543, 3)
    expect(convert('urea_nitrogen', 5, 'mmol/L')).toBeCloseTo(14, 1)
  })

  it('answers the same object twice, and works for a unit outside the catalogue', () => {
    expect(conversion('weight', 'kg')).toBe(conversion('weight', 'kg'))
    expect(conversion('height', 'dm')).toMatchObject({ factor: 10, offset: 0 })
    expect(conversion('height', 'dm')).toBe(conversion('height', 'dm'))
  })

  it('refuses unknown metrics and units', () => {
    expect(() => conversion('no_such', 'kg')).toThrow(expect.objectContaining({ code: 'UNKNOWN_METRIC' }))
    expect(() => conversion('weight', 'cm')).toThrow(expect.objectContaining({ code: 'UNIT' }))
  })

  it('comes back within 1e-12 for every unit of every metric', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...metrics),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (metric, pick, share) => {
          const unit = metric.units[pick % metric.units.length]
          if (!unit) return
          const value = metric.hard[0] + share * (metric.hard[1] - metric.hard[0])
          const typed = fromCanonical(metric, unit, value)
          const scale = Math.max(Math.abs(value), Math.abs(unit.offset), 1e-290)
          expect(Math.abs(toCanonical(metric, unit, typed) - value) / scale).toBeLessThan(1e-12)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
