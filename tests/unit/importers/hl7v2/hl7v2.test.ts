import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../src/importers/hl7v2/index.ts'
import { unescaped } from '../../../../src/importers/hl7v2/segments.ts'
import { openInput } from '../../../../src/importers/open.ts'
import { runImport } from '../../../../src/importers/run.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { newTestVault, removeTestVaults } from '../../vault/engine/test-vault.ts'
import { ClinicalSink, fileOf, runWith } from '../clinical-harness.ts'
import { cut, inputOf, memberOf, settled } from '../harness.ts'

const pid = 'PID|1||4711^^^LAB||MUSTER^ERIKA||19640812|F'

function message(sent: string, segments: readonly string[], type = 'ORU^R01'): string {
  return [`MSH|^~\\&|LAB|HOSPITAL|||${sent}||${type}|1|P|2.5.1`, pid, ...segments].join('\r')
}

const obr = 'OBR|1|P1|F1|24323-8^Panel^LN|||20260301080000+0100|||||||||||||||20260301120000+0100|||F'

function obx(code: string, value: string, unit: string, more = '', type = 'NM'): string {
  return `OBX|1|${type}|${code}^Name^LN||${value}|${unit}|3.5-5.1|N|||F|||20260301080000+0100|${more}`
}

const run = (text: string, options = {}, sink = new ClinicalSink()) =>
  runWith(hl7v2, fileOf('lab.hl7', text), options, sink)

describe('an ORU^R01 message', () => {
  it('gives numbers with unit, time, range and flag, and the report', async () => {
    const text = message('20260301130000+0100', [
      obr,
      obx('2823-3', '4.4', 'mmol/L'),
      'NTE|1||slightly\\.br\\haemolytic \\T\\ lipaemic',
      obx('718-7', '13.2', 'g/dl^^UCUM', '', 'ST'),
    ])
    const { report, sink } = await run(text)
    expect(report.refusals).toEqual([])
    expect(report).toMatchObject({ read: 3, imported: 3, entities: { lab_report: 1 } })
    expect(sink.observations).toEqual([
      'haemoglobin 2026-03-01T07:00:00.000Z 13.2 g/dL',
      'potassium 2026-03-01T07:00:00.000Z 4.4 mmol/L',
    ])
    expect(sink.extras[0]).toContain('"note":"slightly\\nhaemolytic & lipaemic"')
    expect(JSON.parse(sink.extras[0] ?? '')).toMatchObject({
      meta: { interpretation: 'N', referenceRange: '3.5-5.1', order: 'F1|24323-8|2823-3||0' },
    })
    expect(sink.ofType('lab_report')).toMatchObject([
      { name: 'Panel', status: 'final', issued: '2026-03-01T12:00:00+01:00', results: ['Name', 'Name'] },
    ])
    expect(report.profile).toContainEqual(
      expect.objectContaining({ field: 'dateOfBirth', value: '1964-08-12' }),
    )
    expect(sink.attachments).toHaveLength(1)
  })

  it('keeps censored, pending, cancelled, worded and repeated results raw', async () => {
    const status = (code: string, letter: string) =>
      `OBX|1|NM|${code}^X^LN||5|mmol/L||||||${letter}`.replace('||||||', '|||||')
    const { report, sink } = await run(
      message('20260301', [
        obr,
        obx('2823-3', '<3.0', 'mmol/L'),
        obx('2951-2', '>^150', 'mmol/L', '', 'SN'),
        obx('2951-2', '1^-^3', 'mmol/L', '', 'SN'),
        status('2075-0', 'I'),
        status('17861-6', 'X'),
        status('2160-0', 'W'),
        obx('1988-5', 'see text', 'mg/L', '', 'ST'),
        obx('2345-7', '90~95', 'mg/dL'),
        obx('6298-4', '', 'mmol/L'),
      ]),
    )
    expect(report.byMetric).toEqual({})
    expect(report.refusals).toEqual([])
    expect(settled(report)).toBe(10)
    expect(report.unmapped).toMatchObject({
      'Observation 2823-3 (potassium)': 1,
      'Observation 2951-2 (sodium)': 2,
      'Observation 2075-0 (pending)': 1,
      'Observation 17861-6 (cancelled)': 1,
      'Observation 2160-0 (entered-in-error)': 1,
    })
    expect(sink.rawRecords).toHaveLength(10)
    expect(sink.rawRecords[0]?.text).toBe(obx('2823-3', '<3.0', 'mmol/L'))
  })

  it('takes an equal sign as plain, a unit by its words, and a day without a time', async () => {
    const { sink, report } = await run(
      message('20260301', [
        'OBR|1|P1|F1|24323-8^Panel^LN|||20260301',
        'OBX|1|SN|2951-2^Sodium^LN||=^140|x^mmol/L|||||F',
        'OBX|2|NM|777-3^Platelets^LN||221|giga.l-1|||||F',
      ]),
      { zone: 'Europe/Berlin' },
    )
    expect(report.refusals).toEqual([])
    expect(sink.observations).toEqual([
      'platelets 2026-02-28T23:00:00.000Z 221 10*9/L',
      'sodium 2026-02-28T23:00:00.000Z 140 mmol/L',
    ])
    expect(sink.extras[0]).toContain('day only')
  })

  it('refuses an unknown unit, a missing unit and a missing time with the line', async () => {
    const { report } = await run(
      message('20260301', [
        'OBR|1|P1|F1|24323-8^Panel^LN',
        'OBX|1|NM|2951-2^Sodium^LN||140|mmol/L|||||F',
        'OBX|2|NM|2823-3^Potassium^LN||4.4|bananas|||||F|||20260301',
        'OBX|3|NM|2345-7^Glucose^LN||90||||||F|||20260301',
        'OBX|4|NM|2160-0^Creatinine^LN||x1|mg/dL|||||F|||20260301',
      ]),
    )
    expect(report.refusals).toMatchObject([
      { where: 'lab.hl7:4', code: 'DATE' },
      { where: 'lab.hl7:5', code: 'UNIT', reason: expect.stringContaining('bananas') },
      { where: 'lab.hl7:6', code: 'UNIT', reason: expect.stringContaining('--unit glucose=') },
      { where: 'lab.hl7:7', code: 'VALUE' },
    ])
  })

  it('takes the unit that the person states', async () => {
    const { sink } = await run(message('20260301', ['OBX|3|NM|2345-7^G^LN||90||||||F|||20260301']), {
      units: { glucose: 'mg/dL' },
    })
    expect(sink.observations).toEqual(['glucose 2026-03-01T00:00:00.000Z 90 mg/dL'])
  })

  it('joins systolic and diastolic', async () => {
    const { report, sink } = await run(
      message('20260301', [obr, obx('8480-6', '128', 'mm[Hg]'), obx('8462-4', '82', 'mm[Hg]')]),
    )
    expect(report).toMatchObject({ merged: 1, byMetric: { blood_pressure: 1 } })
    expect(sink.observations).toEqual(['blood_pressure 2026-03-01T07:00:00.000Z 128,82 mm[Hg]'])
  })
})

describe('several messages', () => {
  it('correct a result also where thousands of others stand between', async () => {
    const at = (index: number) =>
      new Date(Date.UTC(2020, 0, 1) + index * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
    const order = (index: number, value: string, sent: string, status = 'F') =>
      message(sent, [
        `OBR|1|P${index}|F${index}|24323-8^Panel^LN|||${at(index)}`,
        `OBX|1|NM|2823-3^K^LN||${value}|mmol/L|||||${status}|||${at(index)}`,
      ])
    const between = Array.from({ length: 2000 }, (_, index) => order(index + 1, '4.1', '20260301'))
    const text = [order(0, '7.4', '20260301'), ...between, order(0, '4.7', '20260302', 'C')].join('\r')
    const { vault } = await newTestVault()
    const report = await runImport({
      input: fileOf('lab.hl7', text),
      importer: 'hl7v2',
      sink: vault.importSink('import1'),
      options: { importId: 'import1', zone: 'UTC' },
    })
    expect(report).toMatchObject({ read: 4004, refused: 0 })
    const seen = [...vault.latest({ metric: 'potassium' }, 5000)].map(({ values: [value] }) => value)
    expect(seen.sort()).toEqual([...between.map(() => 4.1), 4.7])
    removeTestVaults()
  })

  it('correct each other: the last version about an order counts', async () => {
    const first = message('20260301130000', [
      obr,
      obx('2823-3', '7.4', 'mmol/L'),
      obx('2951-2', '140', 'mmol/L'),
    ])
    const second = message('20260301150000', [
      obr,
      'OBX|1|NM|2823-3^K^LN||4.7|mmol/L|||||C|||20260301080000+0100',
    ])
    for (const text of [`${first}\r${second}`, `${second}\r${first}`]) {
      const { report, sink } = await run(text)
      expect(settled(report)).toBe(report.read)
      expect(report).toMatchObject({ read: 5, merged: 2 })
      expect(sink.observations).toContain('potassium 2026-03-01T07:00:00.000Z 4.7 mmol/L')
      expect(sink.observations).toHaveLength(2)
    }
  })

  it('withdraw a result that was wrong', async () => {
    const text = `${message('20260301130000', [obr, obx('2823-3', '7.4', 'mmol/L')])}\r${message('20260301150000', [obr, 'OBX|1|NM|2823-3^K^LN||7.4|mmol/L|||||W|||20260301080000+0100'])}`
    const { report } = await run(text)
    expect(report.byMetric).toEqual({})
    expect(report.unmapped).toEqual({ 'Observation 2823-3 (entered-in-error)': 1 })
  })

  it('come in batches, frames, with CR, LF or CRLF, and with other delimiters', async () => {
    const one = message('20260301', [obr, obx('2823-3', '4.4', 'mmol/L')])
    const other = one.replaceAll('|', '#').replace('MSH#^~\\&', 'MSH#^~\\&')
    const batch = `FHS|^~\\&\rBHS|^~\\&\r${one}\rBTS|1\rFTS|1`
    const frame = `\u000b${one}\u001c\r`
    for (const text of [one, batch, frame, other, one.replaceAll('\r', '\n'), one.replaceAll('\r', '\r\n')]) {
      const { report, sink } = await run(`\ufeff${text}`)
      expect(report).toMatchObject({ read: 2, imported: 2 })
      expect(sink.observations).toHaveLength(1)
    }
  })

  it('of other people are refused', async () => {
    const other = message('20260301', [obx('2951-2', '140', 'mmol/L')])
      .replace('4711', '4712')
      .replace('19640812', '19710101')
    const { report } = await run(`${message('20260301', [obx('2823-3', '4.4', 'mmol/L')])}\r${other}`)
    expect(report).toMatchObject({ imported: 1, refused: 1 })
    expect(report.refusals[0]).toMatchObject({ where: 'lab.hl7:6', reason: 'it belongs to another person' })
  })

  it('are the same wherever the file is cut into pieces', async () => {
    const text = Buffer.from(
      message('20260301', [obr, obx('2823-3', '4.4', 'mmol/L'), 'NTE|1||note']).replaceAll('\r', '\r\n'),
    )
    const whole = await run(text.toString())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }), async (lengths) => {
        const { report, sink } = await runWith(hl7v2, inputOf(memberOf('lab.hl7', cut(text, lengths))))
        expect(report.read).toBe(whole.report.read)
        expect([...sink.rows]).toEqual([...whole.sink.rows])
      }),
      { numRuns: 30 },
    )
  })
})

describe('other messages and parts', () => {
  it('give vaccinations of a VXU, but not refused or deleted ones', async () => {
    const rxa = (code: string, status: string, action: string) =>
      `RXA|0|1|20251001|20251001|${code}^Vaccine ${code}^CVX|0.5|mL^^UCUM||||||||LOT1|20261231|PFR^Pfizer^MVX|||${status}|${action}`
    const { report, sink } = await run(
      message(
        '20260301',
        [
          rxa('140', 'CP', 'A'),
          'RXR|IM^Intramuscular^HL70162|LA^Left Arm^HL70163',
          rxa('208', 'RE', 'A'),
          rxa('21', 'CP', 'D'),
        ],
        'VXU^V04',
      ),
    )
    expect(report.unmapped).toEqual({ 'Immunization (entered-in-error)': 1, 'Immunization (not-done)': 1 })
    expect(sink.ofType('immunization')).toMatchObject([
      {
        vaccine: 'Vaccine 140',
        code: { system: 'http://hl7.org/fhir/sid/cvx', code: '140' },
        date: '2025-10-01',
        lot: 'LOT1',
        doseQuantity: '0.5 mL',
        route: 'Intramuscular',
        site: 'Left Arm',
        manufacturer: 'Pfizer',
      },
    ])
  })

  it('keep documents as files and unknown messages raw', async () => {
    const ed = `OBX|1|ED|18842-5^Letter^LN||^AP^PDF^Base64^${Buffer.from('%PDF-').toString('base64')}||||||F`
    const { report, sink } = await run(`${message('20260301', [ed])}\r${message('20260302', [], 'ADT^A08')}`)
    expect(report.unmapped).toEqual({ 'Observation 18842-5 (document)': 1, 'message ADT': 1 })
    expect(sink.attachments.map(({ name, mediaType }) => `${name} ${mediaType}`)).toEqual([
      'Letter.pdf application/pdf',
      'lab.hl7 x-application/hl7-v2+er7',
    ])
  })

  it('go on behind a segment that stands before any header, and join broken lines', async () => {
    const text = `PID|1\r${message('20260301', ['OBR|1|||X^Y^LN', obx('2823-3', '4.4', 'mmol/L'), 'NTE|1||first', 'second line'])}`
    const { report, sink } = await run(`MSH|^~\\&|x\r${text}`)
    expect(sink.extras[0]).toContain('first\\nsecond line')
    expect(settled(report)).toBe(report.read)
  })

  it('read ISO 8859-1 where the header says so', async () => {
    const text = message('20260301', [obx('2823-3', '4.4', 'mmol/L'), 'NTE|1||nüchtern']).replace(
      '|2.5.1',
      '|2.5.1||||||8859/1',
    )
    const { sink } = await runWith(hl7v2, inputOf(memberOf('lab.hl7', [Buffer.from(text, 'latin1')])))
    expect(sink.extras[0]).toContain('nüchtern')
  })

  it('pass over files of other kinds and recognise their own', async () => {
    expect(await hl7v2.recognises('x.txt', async () => Buffer.from('\u000bMSH|^~\\&|'))).toBe(true)
    expect(await hl7v2.recognises('x.txt', async () => Buffer.from('MSHA and so on'))).toBe(false)
    const { report } = await runWith(hl7v2, fileOf('x.txt', 'hello'))
    expect(report).toMatchObject({ read: 0, notes: ['a file that holds no HL7 v2 messages was passed over'] })
    expect(hl7v2.maps).toContain('potassium')
  })

  it('decode escapes', () => {
    const delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' }
    const text = unescaped('a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X41\\\\H\\g\\N\\ \\Zx\\h\\', delimiters)
    expect(text).toBe('a|b^c&d~e\\fAg h\\')
  })
})

describe('anything', () => {
  it('ends in a report whose account holds', async () => {
    const base = Buffer.from(message('20260301', [obr, obx('2823-3', '4.4', 'mmol/L'), 'NTE|1||x']))
    for (let length = 0; length <= base.length; length += 3) {
      const { report } = await run(base.subarray(0, length).toString('latin1'))
      expect(settled(report)).toBe(report.read)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.uint8Array({ maxLength: 200 }),
        async (flips, tail) => {
          const bytes = Buffer.concat([base, tail])
          for (const [at, value] of flips) bytes[at] = value
          const { report } = await runWith(hl7v2, inputOf(memberOf('lab.hl7', [bytes])))
          expect(settled(report)).toBe(report.read)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('real messages', () => {
  const folder = sharedDataPath('hl7v2', 'fhir-converter')
  it.skipIf(!folder)('are accounted for segment by segment', async () => {
    const expected = {
      'LAB-ORU-1.hl7': { read: 12, byMetric: { haematocrit: 1 } },
      'ORU-R01-01.hl7': { read: 6, byMetric: {} },
      'OUL-R22-01.hl7': { read: 8, byMetric: {} },
      'VXU-V04-01.hl7': { read: 6, byMetric: {}, entities: { immunization: 1 } },
    }
    for (const [name, counts] of Object.entries(expected)) {
      const input = await openInput([sharedDataPath('hl7v2', 'fhir-converter', name) as string])
      const { report } = await runWith(hl7v2, input)
      expect(settled(report), name).toBe(report.read)
      expect(report.read, name).toBe(counts.read)
      expect(report.refusals, name).toEqual([])
      expect(report, name).toMatchObject(name.startsWith('LAB') ? { byMetric: { haematocrit: 1 } } : counts)
    }
  })
})
