/** `import auto` over several formats, and what it says of files that nobody knows. */
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/foundation/index.ts'
import { assignMembers } from '../../../src/importers/assign.ts'
import type { Importer, InputMember } from '../../../src/importers/importer.ts'
import { importers, runImport } from '../../../src/importers/index.ts'
import { outerKeys } from '../../../src/importers/json/outer-keys.ts'
import { looksLike } from '../../../src/importers/looks-like.ts'
import type { JsonValue } from '../../../src/records/index.ts'
import { cuffMapping, cuffTable, ownHeader, ownRows } from './csv/fixture.ts'
import { laws as fhir } from './fhir/fixture.ts'
import { healthData, inputOf, memberOf, RememberingSink, record, settled } from './harness.ts'
import { laws as withings } from './withings/fixture.ts'
import { workbookMembers } from './xlsx/workbook-file.ts'

const text = (name: string, content: string) => memberOf(name, [Buffer.from(content)])
const laid = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Object.entries(files).map(([name, content]) => memberOf(name, [Buffer.from(content)]))

/** An adapter that takes members whose content begins with its name. */
function adapter(name: string, more: Partial<Importer> = {}): Importer {
  return {
    name,
    title: name,
    needs: '',
    whereToGet: '',
    maps: [],
    testedWith: [],
    recognises: async (_name, head) =>
      Buffer.from(await head())
        .toString()
        .startsWith(name),
    read: async () => {},
    ...more,
  }
}

const namesOf = async (members: readonly InputMember[], all: readonly Importer[]) => {
  const { shares, unrecognised } = await assignMembers(inputOf(...members), all)
  return {
    shares: shares.map(({ importer, input }) => [importer.name, ...input.members.map(({ name }) => name)]),
    unrecognised: unrecognised.map(({ where }) => where),
  }
}

describe('a member', () => {
  it('goes to the first adapter that recognises it, generic ones asked last, its beginning read once', async () => {
    let looks = 0
    const member = { ...text('x', 'abc'), head: async () => Buffer.from(`abc${++looks}`) }
    const any = adapter('any', { isGeneric: true, recognises: async () => true })
    expect(await namesOf([member, text('y', 'zzz')], [any, adapter('ab'), adapter('abc')])).toEqual({
      shares: [
        ['ab', 'x'],
        ['any', 'y'],
      ],
      unrecognised: [],
    })
    expect(looks).toBe(1)
  })

  it('goes with the export beside it, as its own or when nobody else takes it', async () => {
    const main = adapter('main', {
      accompanies: (name) =>
        name.startsWith('own') ? 'own' : name.startsWith('left') ? 'leftover' : undefined,
    })
    const other = adapter('other')
    const members = [
      text('m', 'main'),
      text('own/1', 'other'),
      text('left/1', 'other'),
      text('left/2', 'unknown'),
      text('else', 'unknown'),
      { ...text('own/2', 'unknown'), root: 'another.zip' },
    ]
    expect(await namesOf(members, [other, main])).toEqual({
      shares: [
        ['other', 'left/1'],
        ['main', 'm', 'own/1', 'left/2'],
      ],
      unrecognised: ['else', 'own/2'],
    })
  })
})

describe('import auto', () => {
  const run = (...members: readonly InputMember[]) =>
    runImport({
      input: inputOf(...members),
      importer: 'auto',
      sink: new RememberingSink(),
      options: { importId: 'i', zone: 'UTC' },
    })

  it('reads several formats at once, with the account of each and of all', async () => {
    const report = await run(
      text('export.xml', healthData(record('StepCount', '120', 'count'))),
      ...laid(fhir.files(0, fhir.size)),
      ...laid(withings.files(0, withings.size)),
      text('notes.txt', 'buy milk'),
    )
    expect(report.format.split('+').sort()).toEqual(['apple-health', 'fhir', 'withings'])
    expect(settled(report)).toBe(report.read)
    const parts = Object.values(report.formats)
    for (const key of ['read', 'imported', 'duplicates', 'refused'] as const) {
      expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(report[key])
    }
    expect(report.formats['apple-health']).toMatchObject({ read: 1, imported: 1, byMetric: { steps: 1 } })
    expect(report.formats['fhir']?.entities).toMatchObject({ condition: 1, allergy: 1, immunization: 1 })
    expect(report.entities).toEqual(report.formats['fhir']?.entities)
    expect(report.unrecognised).toEqual([{ where: 'notes.txt', looksLike: 'text' }])
  })

  it('takes tables with the columns of the mapping that is named, wherever they lie', async () => {
    const cuff = text('2026/cuff.csv', cuffTable)
    const own = text('own.csv', [ownHeader, ...ownRows].join('\r\n'))
    const others = [
      text('export.xml', healthData(record('StepCount', '120', 'count'))),
      text('b.csv', 'a,b\n1,2\n'),
    ]
    const report = await runImport({
      input: inputOf(cuff, own, ...others),
      importer: 'auto',
      sink: new RememberingSink(),
      options: { importId: 'i', zone: 'UTC', mapping: cuffMapping as unknown as JsonValue },
    })
    expect(report.formats['apple-health']?.imported).toBe(1)
    expect(report.formats['csv']?.imported).toBe(4 + ownRows.length)
    expect(report.unrecognised.map(({ where }) => where)).toEqual(['b.csv'])
    await expect(run(cuff)).rejects.toThrow('nothing in the input is of a known format')
  })

  it('takes workbooks with the columns of the mapping, whole, beside others that are told', async () => {
    const bookOf = (root: string, sheets: Parameters<typeof workbookMembers>[0]) =>
      workbookMembers(sheets).map((member) => ({ ...member, root }))
    const mapping = {
      version: 1,
      time: { columns: ['Day'] },
      values: [{ metric: 'weight', columns: ['kg'], unit: 'kg' }],
    }
    const log = bookOf('docs/log.xlsx', {
      About: [['x']],
      Log: [
        ['Day', 'kg'],
        ['2026-01-05', 80.5],
      ],
    })
    const cups = bookOf('docs/cups.xlsx', {
      Log: [
        ['Day', 'Cups'],
        ['2026-01-05', 3],
      ],
    })
    const report = await runImport({
      input: inputOf(...cups, ...log),
      importer: 'auto',
      sink: new RememberingSink(),
      options: { importId: 'i', zone: 'UTC', mapping },
    })
    expect(report).toMatchObject({ imported: 1, refused: 0, byMetric: { weight: 1 } })
    expect(report.unrecognised).toEqual([{ where: 'cups.xlsx', looksLike: 'an Excel workbook' }])
  })

  it('tells a workbook as one file, and how its columns can be named', async () => {
    const members = workbookMembers({
      Log: [
        ['Day', 'Cups'],
        ['2026-01-05', 3],
      ],
    })
    await expect(
      run(...members.map((member) => ({ ...member, root: 'docs/log.xlsx' }))),
    ).rejects.toMatchObject({
      message: 'nothing in the input is of a known format: log.xlsx (an Excel workbook)',
      hint: expect.stringContaining('--interactive'),
    })
  })

  it('describes what it cannot read when there is nothing else', async () => {
    await expect(run(text('a.csv', 'shoe size,colour\n42,red\n'))).rejects.toThrow(
      'nothing in the input is of a known format: a.csv (a table with the columns shoe size, colour)',
    )
    await expect(run()).rejects.toThrow('there is no file in the input')
    const many = Array.from({ length: 7 }, (_, index) => text(`${index}.txt`, 'x'))
    await expect(run(...many)).rejects.toThrow('4.txt (text) and others')
  })

  it('lists a thousand unknown members and counts the others', async () => {
    const many = Array.from({ length: 1005 }, (_, index) => text(`${index}.txt`, 'x'))
    const report = await run(text('export.xml', healthData(record('StepCount', '1', 'count'))), ...many)
    expect(report.unrecognised).toHaveLength(1000)
    expect(report.notes).toContain('further files of no known format are not listed (5 times)')
  })

  it('knows its adapters by names that are unlike each other', () => {
    const names = importers.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(names).not.toContain('auto')
  })
})

describe('an unknown file', () => {
  const bytes = (latin: string) => Buffer.from(latin, 'latin1')
  it.each([
    ['', 'x', 'an empty file'],
    ['  \n', 'x', 'an empty file'],
    ['PK\x03\x04', 'x.zip', 'a zip'],
    ['PK\x03\x04', 'x.xlsx', 'an Office or OpenDocument file'],
    ['\x1f\x8b\x08', 'x.gz', 'gzip'],
    ['%PDF-1.7', 'x', 'PDF'],
    ['\x89PNG\r\n', 'x', 'a PNG picture'],
    ['SQLite format 3\0', 'x', 'a SQLite database'],
    ['\x0e\x10\0\0\0\0\0\0.FIT', 'x', 'a FIT file'],
    ['\x01\x02\x03\x04\xff\xfe', 'x', 'binary data of an unknown kind'],
    ['{"b": {"secret": 1}, "a": [{"x": 2}], "c":"}"}', 'x', 'JSON, an object with b, a, c'],
    ['{\n "b": 1}', 'x', 'JSON, an object with b'],
    ['{}', 'x', 'JSON, an object'],
    ['[{"date":"2026","value":{"bpm":1}}, {"z":1}]', 'x', 'JSON, an array of objects with date, value'],
    ['[1,2]', 'x', 'JSON, an array'],
    ['{"a":1}\n{"a":2}\n', 'x', 'NDJSON, objects with a'],
    ['<?xml version="1.0"?><!-- c --><omh:root a="1">', 'x', 'XML with the root omh:root'],
    ['<!DOCTYPE html><html>', 'x', 'a web page'],
    ['<', 'x', 'XML'],
    ['MSH|^~\\&|A', 'x', 'HL7 v2'],
    ['Date;Weight (kg);"Body fat"\n1;2;3', 'x', 'a table with the columns Date, Weight (kg), Body fat'],
    ['a\tb\n', 'x', 'a table with the columns a, b'],
    ['2026-01-01,81.2\n', 'x', 'a table of 2 columns without a heading'],
    ['a,b,c,d,e,f,g,h,i,j\n', 'x', 'a table with the columns a, b, c, d, e, f, g, h, …'],
    ['Dear diary', 'x', 'text'],
  ])('%j called %s looks like: %s', (content, name, look) => {
    expect(looksLike(bytes(content), name)).toBe(look)
  })

  it('is named by what is in it, cut short, and never by its values', () => {
    expect(looksLike(Buffer.from(`{"${'k'.repeat(80)}": "secret"}`), 'x')).toBe(
      `JSON, an object with ${'k'.repeat(40)}…`,
    )
    expect(looksLike(Buffer.from('\ufeffdate,kg\n', 'utf16le'), 'x')).toBe(
      'a table with the columns date, kg',
    )
    expect(looksLike(Buffer.from('\ufeffdate,kg\n'), 'x')).toBe('a table with the columns date, kg')
  })
})

describe('one of several adapters that refuses its input', () => {
  it('stops no other, and what it left open counts as refused', async () => {
    const inventory = importers as Importer[]
    const failing = adapter('failing', {
      read: async (_input, intake) => {
        intake.begin(2)
        intake.skip(1)
        throw new Failure('REFUSED_INPUT', 'it is no use')
      },
    })
    inventory.push(failing)
    try {
      const members = [
        text('export.xml', healthData(record('StepCount', '1', 'count'))),
        text('f', 'failing'),
      ]
      const options = { importId: 'i', zone: 'UTC' }
      const run = (all: readonly InputMember[]) =>
        runImport({ input: inputOf(...all), importer: 'auto', sink: new RememberingSink(), options })
      const report = await run(members)
      expect(report).toMatchObject({ read: 3, imported: 1, skipped: 1, refused: 1 })
      expect(report.refusals).toMatchObject([{ where: 'failing', reason: 'it is no use' }])
      await expect(run(members.slice(1))).rejects.toThrow('it is no use')
    } finally {
      inventory.pop()
    }
  })
})

describe('an Apple Health export beside others', () => {
  it('takes its own routes and recordings, and leaves what is not its own', async () => {
    const { shares } = await assignMembers(
      inputOf(
        text(
          'README.md',
          'An export holds <HealthData locale="en"> and <Record type="HKQuantityTypeIdentifierX"/>',
        ),
        text('a/export.xml', healthData('')),
        text('b/apple_health_export/Export.xml', healthData('')),
        text('b/apple_health_export/workout-routes/1.gpx', '<gpx/>'),
        text('b/apple_health_export/electrocardiograms/1.csv', 'x'),
        text('b/apple_health_export/export_cda.xml', '<ClinicalDocument/>'),
        text('b/apple_health_export/clinical-records/1.json', '{}'),
        text('c/workout-routes/1.gpx', '<gpx/>'),
      ),
      importers.filter(({ name }) => name === 'apple-health'),
    )
    expect(shares[0]?.input.members.map(({ name }) => name)).toEqual([
      'a/export.xml',
      'b/apple_health_export/Export.xml',
      'b/apple_health_export/workout-routes/1.gpx',
      'b/apple_health_export/electrocardiograms/1.csv',
      'b/apple_health_export/export_cda.xml',
      'b/apple_health_export/clinical-records/1.json',
    ])
  })
})

describe('a file that only quotes what formats hold', () => {
  it('is of no known format', async () => {
    const quoted = {
      'summary.json': {
        'garmin/activity.json': { activityId: 1, summaryDTO: { startTimeGMT: '2026-01-05T07:00:00.0' } },
        'garmin/UDSFile_1.json': [{ calendarDate: '2026-01-05', totalSteps: 7000 }],
        'omh/weight.json': {
          body_weight: { value: 80, unit: 'kg' },
          effective_time_frame: { date_time: '' },
        },
        'ihealth.json': { lists: { BPDataList: 3 }, note: 'a list is named "BPDataList": {' },
      },
    }
    for (const [name, value] of Object.entries(quoted)) {
      for (const content of [JSON.stringify(value), JSON.stringify([value], null, 1)]) {
        expect((await namesOf([text(name, content)], importers)).unrecognised).toEqual([name])
      }
    }
  })
})

describe('the outer keys of JSON', () => {
  it('are those of the object or of the listed objects, wherever the text is cut', () => {
    const json = JSON.stringify([{ a: 'x"{', 'b"': { c: [{ d: 1 }] } }, { e: [[{ f: 2 }]] }])
    expect([...outerKeys(json)]).toEqual(['a', 'b\\"', 'e'])
    expect([...outerKeys(JSON.stringify({ a: [{ b: 1 }], c: 2 }))]).toEqual(['a', 'c'])
    expect([...outerKeys('[[{"a":1}]]')]).toEqual([])
    for (let length = 0; length < json.length; length++) {
      for (const key of outerKeys(json.slice(0, length))) expect(['a', 'b\\"', 'e']).toContain(key)
    }
  })
})
