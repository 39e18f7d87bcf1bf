import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../../src/importers/importer.ts'
import { Intake } from '../../../src/importers/intake.ts'
import { runImport } from '../../../src/importers/run.ts'
import { laws as cCda } from './c-cda/fixture.ts'
import { inputOf, memberOf, RememberingSink, settled } from './harness.ts'

function turnAway(count: number, meetsAt: number | null) {
  const intake = new Intake(new RememberingSink(), { importId: 'i', zone: 'UTC', whose: 'Ann' })
  for (let i = 0; i < count; i++) {
    if (i === meetsAt) intake.others.meet()
    intake.begin(1)
    intake.others.turnAway(`file:${i}`, 'it belongs to another person', () => 'x'.repeat(1000))
  }
  return intake.report({}, 1, 0)
}

describe('records of other people', () => {
  it.each([0, 1, 2500])('are skipped when the person is met, also behind them (at %i)', (meetsAt) => {
    expect(turnAway(3000, meetsAt)).toMatchObject({ read: 3000, skipped: 3000, refused: 0, refusals: [] })
  })

  it('are refused, each counted, when nobody in the input is meant', () => {
    const report = turnAway(3000, null)
    expect(report).toMatchObject({ read: 3000, skipped: 0, refused: 3000 })
    expect(report.refusals).toHaveLength(1000)
    expect(report.refusals[0]).toMatchObject({ where: 'file:0', raw: 'x'.repeat(200) })
    expect(report.notes).toContain('further refusals are counted but not listed (2000 times)')
  })
})

describe('files of several people in several clinical formats', () => {
  const lab = (birth: string, value: string) =>
    [
      'MSH|^~\\&|LAB|HOSPITAL|||20260301||ORU^R01|1|P|2.5.1',
      `PID|1||4711^^^LAB||TEST^Bo||${birth}|F`,
      `OBX|1|NM|2823-3^K^LN||${value}|mmol/L|||||F|||20260301080000+0100`,
    ].join('\r')
  const portal = (birthDate: string) =>
    JSON.stringify({
      resourceType: 'Bundle',
      entry: [
        {
          resource: {
            resourceType: 'Patient',
            id: '4711',
            birthDate,
            name: [{ family: 'Test', given: ['Bo'] }],
          },
        },
        {
          resource: {
            resourceType: 'Observation',
            status: 'final',
            code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
            subject: { reference: 'Patient/4711' },
            effectiveDateTime: '2026-03-01T08:00:00+01:00',
            valueQuantity: { value: 80, code: 'kg', system: 'http://unitsofmeasure.org' },
          },
        },
      ],
    })

  async function imported(
    files: Readonly<Record<string, string | Uint8Array>>,
    options: Partial<ImportOptions> = {},
  ) {
    const members = Object.entries(files).map(([name, content]) => memberOf(name, [Buffer.from(content)]))
    const report = await runImport({
      input: inputOf(...members),
      importer: 'auto',
      sink: new RememberingSink(),
      options: { importId: 'i', zone: 'UTC', ...options },
    })
    expect(settled(report)).toBe(report.read)
    return report
  }
  // Ada Test, born on 1980-02-03.
  const ccd = cCda.files(0, 1)['1.xml'] as string

  it('are imported for the person met first alone, in whatever order they are named', async () => {
    const files = { 'a.json': portal('1991-01-01'), 'b.hl7': lab('19920101', '4.1'), 'c.xml': ccd }
    const backwards = Object.fromEntries(Object.entries(files).reverse())
    for (const one of [files, backwards]) {
      const report = await imported(one)
      expect(report.formats['c-cda']).toMatchObject({ refused: 0 })
      expect(report.formats['hl7v2']).toMatchObject({ read: 1, refused: 1 })
      expect(report.formats['fhir']).toMatchObject({ read: 2, refused: 2 })
      expect(report.profile).toContainEqual(expect.objectContaining({ value: '1980-02-03' }))
      expect(report.notes.filter((note) => note.includes('several people'))).toEqual([
        "the input holds records of several people (Test 1980-02-03; TEST 1992-01-01; Bo Test 1991-01-01): those of the first Patient (Test 1980-02-03) were taken, the others refused; --whose NAME takes another's",
      ])
    }
  })

  it('are imported for the person that --whose names', async () => {
    const report = await imported(
      { 'a.json': portal('1991-01-01'), 'b.hl7': lab('19910101', '4.1'), 'c.xml': ccd },
      { whose: '1991-01-01' },
    )
    expect(report.byMetric).toEqual({ potassium: 1, weight: 1 })
  })

  it('of one person are imported together, also where two systems use the number of another', async () => {
    const report = await imported({
      'a.json': portal('1980-02-03'),
      'b.hl7': lab('19800203', '4.1'),
      'c.xml': ccd,
    })
    expect(report).toMatchObject({ refused: 0, byMetric: { potassium: 1, weight: 2 } })
    expect(report.notes.filter((note) => note.includes('several people'))).toEqual([])
  })

  it('of a laboratory that gives two people one number are told apart', async () => {
    const report = await imported({ 'x.hl7': `${lab('19920101', '4.1')}\r${lab('19800203', '4.2')}` })
    expect(report).toMatchObject({ read: 2, imported: 1, refused: 1 })
  })
})
