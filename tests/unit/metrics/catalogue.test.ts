/** The catalogue as data: unique names, sound bounds, valid LOINC codes, conversions that agree with UCUM. */
import { describe, expect, it } from 'vitest'
import { nameKey } from '../../../src/metrics/find.ts'
import {
  collectionNames,
  conversion,
  findByLoinc,
  findMetric,
  type Metric,
  metricById,
  metrics,
} from '../../../src/metrics/index.ts'
import { requireUcumLibrary } from '../../../src/metrics/ucum.ts'
import { spellingKey } from '../../../src/metrics/unit-names.ts'

const ucum = requireUcumLibrary()

function loincCodes(metric: Metric): readonly string[] {
  return [
    metric.loinc,
    ...(metric.loincAlternatives ?? []).map(({ code }) => code),
    ...metric.components.map(({ loinc }) => loinc),
  ].filter((code) => code !== null)
}

/** LOINC check digit: mod 10 (Luhn) over the digits before the hyphen, doubling from the right. */
function hasLoincCheckDigit(code: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(code)
  if (!match) return false
  let sum = 0
  for (const [index, digit] of [...(match[1] ?? '')].reverse().entries()) {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return (10 - (sum % 10)) % 10 === Number(match[2])
}

describe('the catalogue', () => {
  it('holds at least 170 metrics with unique snake_case ids', () => {
    expect(metrics.length).toBeGreaterThanOrEqual(170)
    expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length)
    for (const { id } of metrics) expect(id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  it('has aliases that are unique and shadow no id', () => {
    const owner = new Map(metrics.map(({ id }) => [nameKey(id), id]))
    expect(owner.size).toBe(metrics.length)
    const taken: string[] = []
    for (const { id, aliases } of metrics) {
      for (const alias of aliases) {
        const other = owner.get(nameKey(alias))
        if (other !== undefined) taken.push(`${alias} of ${id} is ${other}`)
        owner.set(nameKey(alias), id)
      }
    }
    expect(taken).toEqual([])
  })

  it('finds every metric by id, alias, display name and LOINC code', () => {
    for (const metric of metrics) {
      expect(metricById(metric.id)).toBe(metric)
      for (const name of [
        metric.id,
        metric.id.toUpperCase().replaceAll('_', '-'),
        ...metric.aliases,
        ...loincCodes(metric),
      ]) {
        expect(findMetric(name).id, name).toBe(metric.id)
      }
      expect(findMetric(metric.name), metric.name).toBeDefined()
    }
  })

  it('has LOINC codes with a right check digit, each naming one metric or component', () => {
    const seen = new Map<string, string>()
    for (const metric of metrics) {
      for (const code of loincCodes(metric)) {
        expect(hasLoincCheckDigit(code), `${code} of ${metric.id}`).toBe(true)
        expect(seen.get(code), `${code} of ${metric.id}`).toBeUndefined()
        seen.set(code, metric.id)
        expect(findByLoinc(code)?.metric.id).toBe(metric.id)
      }
      for (const { unit } of metric.loincAlternatives ?? []) {
        if (unit !== null)
          expect(
            metric.units.map((accepted) => accepted.ucum),
            metric.id,
          ).toContain(unit)
      }
    }
  })

  it('has ordered bounds, plausible inside hard, and sane decimals', () => {
    for (const metric of metrics) {
      for (const { plausible, hard } of [metric, ...metric.components]) {
        expect(plausible[0], metric.id).toBeLessThan(plausible[1])
        expect(hard[0], metric.id).toBeLessThanOrEqual(plausible[0])
        expect(hard[1], metric.id).toBeGreaterThanOrEqual(plausible[1])
        expect([...plausible, ...hard].every(Number.isFinite)).toBe(true)
      }
      expect(metric.decimals, metric.id).toBeGreaterThanOrEqual(0)
      expect(metric.decimals, metric.id).toBeLessThanOrEqual(3)
      expect(metric.boundsSource, metric.id).not.toBe('')
      expect(collectionNames).toContain(metric.collection)
      expect(['settings', 'audit'], metric.id).not.toContain(metric.collection)
      for (const value of Object.values(metric.values ?? {})) {
        expect(value >= metric.hard[0] && value <= metric.hard[1], metric.id).toBe(true)
      }
    }
  })

  it('starts every list of units with the canonical one, unconverted', () => {
    for (const metric of metrics) {
      expect(metric.units[0], metric.id).toMatchObject({ ucum: metric.unit, factor: 1, offset: 0 })
      expect(new Set(metric.units.map((unit) => unit.ucum)).size).toBe(metric.units.length)
      for (const unit of metric.units) {
        expect(unit.factor, `${metric.id} ${unit.ucum}`).toBeGreaterThan(0)
        expect(unit.label.trim()).not.toBe('')
        expect(conversion(metric.id, unit.ucum)).toMatchObject({ factor: unit.factor, offset: unit.offset })
      }
      for (const shown of Object.values(metric.displayUnits ?? {})) {
        expect(
          metric.units.map((unit) => unit.ucum),
          metric.id,
        ).toContain(shown)
      }
    }
  })

  it('lets no spelling mean two units of one metric', () => {
    const unclear: string[] = []
    for (const metric of metrics) {
      const meaning = new Map<string, string>()
      for (const unit of metric.units) {
        for (const spelling of new Set([unit.ucum, unit.label, ...unit.spellings].map(spellingKey))) {
          const other = meaning.get(spelling)
          if (other !== undefined) unclear.push(`${metric.id}: ${spelling} is ${other} and ${unit.ucum}`)
          meaning.set(spelling, unit.ucum)
        }
      }
    }
    expect(unclear).toEqual([])
  })
})

describe('units', () => {
  it('are valid UCUM codes', () => {
    for (const code of new Set(metrics.flatMap((metric) => metric.units.map((unit) => unit.ucum)))) {
      expect(ucum.validateUnitString(code).status, code).toBe('valid')
    }
  })

  /** Differences of temperature have no zero point, and NGSP % is no hundredth of IFCC: UCUM cannot know either. */
  const unlikeUcum = new Set(['temperature_deviation', 'sleep_temperature_trend', 'hba1c'])

  it('convert as UCUM says wherever the library can convert at all', () => {
    let compared = 0
    for (const metric of metrics) {
      if (unlikeUcum.has(metric.id)) continue
      for (const unit of metric.units.slice(1)) {
        for (const value of [1, 37.5, 640]) {
          const answer = ucum.convertUnitTo(unit.ucum, value, metric.unit)
          if (answer.status !== 'succeeded' || answer.toVal === null) continue
          compared++
          const ours = unit.factor * value + unit.offset
          const tolerance = 1e-9 * Math.max(1e-6, Math.abs(answer.toVal))
          expect(Math.abs(ours - answer.toVal), `${metric.id}: ${value} ${unit.ucum}`).toBeLessThan(tolerance)
        }
      }
    }
    expect(compared).toBeGreaterThan(300)
  })

  /** g/mol of what is measured; the factors of the catalogue are the rounded ones in clinical use. */
  const molarMass: Readonly<Record<string, number>> = {
    glucose: 180.156,
    cgm_glucose: 180.156,
    ketones: 104.105,
    total_cholesterol: 386.65,
    ldl_cholesterol: 386.65,
    hdl_cholesterol: 386.65,
    non_hdl_cholesterol: 386.65,
    vldl_cholesterol: 386.65,
    triglycerides: 885.4,
    creatinine: 113.12,
    urea_nitrogen: 28.014,
    uric_acid: 168.11,
    calcium: 40.078,
    calcium_ionized: 40.078,
    phosphate: 30.974,
    magnesium: 24.305,
    lactate: 90.08,
    bilirubin_total: 584.66,
    bilirubin_direct: 584.66,
    bilirubin_indirect: 584.66,
    ammonia: 17.031,
    homocysteine: 135.18,
    iron_serum: 55.845,
    tibc: 55.845,
    vitamin_b12: 1355.37,
    folate_serum: 441.4,
    vitamin_d_25oh: 400.64,
    vitamin_a_serum: 286.45,
    vitamin_c_serum: 176.12,
    vitamin_e_serum: 430.71,
    zinc_serum: 65.38,
    copper_serum: 63.546,
    selenium_serum: 78.971,
    lead_blood: 207.2,
    free_t4: 776.87,
    total_t4: 776.87,
    free_t3: 650.97,
    total_t3: 650.97,
    cortisol: 362.46,
    testosterone_total: 288.42,
    testosterone_free: 288.42,
    dhea_s: 368.49,
    estradiol: 272.38,
    progesterone: 314.46,
    aldosterone: 360.44,
    pth: 9425,
    c_peptide: 3020,
    acth: 4541,
    amh: 140_000,
    urine_creatinine: 113.12,
  }

  it('convert mass to molar concentrations by the analyte’s own molar mass', () => {
    const molar = /^[unpm]?mol\/L$/
    for (const metric of metrics) {
      const [mass] = metric.units.filter(({ ucum: code }) => /g\/(d|m)?L$/.test(code))
      const substance = metric.units.find(({ ucum: code }) => molar.test(code))
      if (!mass || !substance || metric.id === 'insulin_fasting') continue
      const gramsPerMole = molarMass[metric.id]
      expect(gramsPerMole, metric.id).toBeDefined()
      const gramsPerLitre = ucum.convertUnitTo(mass.ucum, 1, 'g/L').toVal as number
      const molesPerLitre = ucum.convertUnitTo(substance.ucum, 1, 'mol/L').toVal as number
      const expected = (molesPerLitre * (gramsPerMole as number)) / gramsPerLitre
      expect(Math.abs(substance.factor / mass.factor / expected - 1), metric.id).toBeLessThan(0.002)
    }
  })

  it('keep what looks alike apart', () => {
    const unitsOf = (id: string) => findMetric(id).units.map((unit) => unit.ucum)
    expect(findMetric('sdnn').id).not.toBe(findMetric('rmssd').id)
    expect(findMetric('crp').id).not.toBe(findMetric('hs-CRP').id)
    expect(unitsOf('hba1c')).toEqual(['%', 'mmol/mol'])
    expect(unitsOf('lipoprotein_a_mass')).not.toContain('nmol/L')
    expect(() => findMetric('d_dimer')).toThrow(/no metric/)
    expect(conversion('oxygen_saturation', '1')).toMatchObject({ factor: 100, offset: 0 })
    expect(() => conversion('hba1c', '1')).toThrow(/no unit/)
  })

  it('need no unit where bare numbers cannot be confused, and one where they can', () => {
    const bare = [
      'blood_pressure',
      'heart_rate',
      'steps',
      'mood',
      'oxygen_saturation',
      'sleep_rem',
      'hrv_sdnn',
    ]
    const stated = [
      'glucose',
      'weight',
      'height',
      'body_temperature',
      'creatinine',
      'haemoglobin',
      'ldl',
      'hba1c',
    ]
    for (const id of bare) expect(findMetric(id).needsUnit, id).toBe(false)
    for (const id of stated) expect(findMetric(id).needsUnit, id).toBe(true)
  })
})
