/** An import stays under 300 MB of memory, whatever the size of its input: whole processes, on a real vault. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { emptyVaultFile, removeTestVaults } from '../../vault/engine/test-vault.ts'

const isLong = process.env['HEALTHMATE_TEST_LONG'] === '1'
const root = join(import.meta.dirname, '../../../..')
// Beneath node_modules so that the child finds native packages.
const output = join(root, 'node_modules/.healthmate-tests', `memory-${process.pid}`)
const limitMiB = 300
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-memory-'))
  mkdirSync(output, { recursive: true })
  const bundle = await rolldown({
    input: join(import.meta.dirname, 'import-child.ts'),
    platform: 'node',
    external: [/^[^./]/],
    logLevel: 'silent',
  })
  await bundle.write({
    dir: output,
    format: 'esm',
    entryFileNames: 'import-child.mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
})

afterAll(() => {
  rmSync(output, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
  removeTestVaults()
})

interface Told {
  readonly read: number
  readonly imported: number
  readonly refusals: number
  readonly kept: number
  readonly maxRssMiB: number
}

async function importInChild(format: string, path: string, stdin?: Iterable<Buffer>): Promise<Told> {
  const vault = await emptyVaultFile()
  const child = spawn(process.execPath, [join(output, 'import-child.mjs'), vault, format, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const closed = once(child, 'close')
  for (const piece of stdin ?? []) if (!child.stdin.write(piece)) await once(child.stdin, 'drain')
  child.stdin.end()
  expect((await closed)[0]).toBe(0)
  return JSON.parse(told) as Told
}

/** A FHIR observation a file, as portals give them. */
function observation(index: number): Buffer {
  const ms = Date.UTC(2020, 0, 1) + index * 3_600_000
  const quantity = {
    value: 70 + (index % 300) / 10,
    unit: 'kg',
    system: 'http://unitsofmeasure.org',
    code: 'kg',
  }
  const resource = {
    resourceType: 'Observation',
    id: `weight-${index}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Body weight' }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: new Date(ms).toISOString(),
    valueQuantity: quantity,
  }
  return Buffer.from(JSON.stringify(resource, null, 2))
}

/** At least so many bytes of an export.xml, a heart rate every five seconds. */
function* exportOf(bytes: number, counted: { records: number }): Generator<Buffer> {
  yield Buffer.from('<?xml version="1.0"?>\n<HealthData locale="en_US">\n')
  let written = 0
  let ms = Date.UTC(2000, 0, 1)
  while (written < bytes) {
    let text = ''
    while (text.length < 1_000_000) {
      ms += 5000
      const at = `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000`
      text += ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" sourceVersion="10.1" device="&lt;&lt;HKDevice: 0x28${counted.records % 1000}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch&gt;" unit="count/min" creationDate="${at}" startDate="${at}" endDate="${at}" value="${50 + (counted.records % 90)}"/>\n`
      counted.records++
    }
    written += text.length
    yield Buffer.from(text)
  }
  yield Buffer.from('</HealthData>\n')
}

const panel = [
  ['718-7', 'g/dL', '13.1'],
  ['2345-7', 'mg/dL', '95'],
  ['2160-0', 'mg/dL', '0.9'],
  ['2951-2', 'mmol/L', '140'],
  ['2823-3', 'mmol/L', '4.2'],
  ['17861-6', 'mg/dL', '9.4'],
] as const

/** Messages of a laboratory, an order with six results each, as one file. */
function* messagesOf(count: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) {
    const at = new Date(Date.UTC(2000, 0, 1) + index * 7_200_000)
      .toISOString()
      .replace(/\D/g, '')
      .slice(0, 14)
    const results = panel.map(
      ([code, unit, value], n) => `OBX|${n + 1}|NM|${code}^Name^LN||${value}|${unit}|1-200|N|||F|||${at}`,
    )
    const head = [
      `MSH|^~\\&|LAB|HOSPITAL|||${at}||ORU^R01|${index}|P|2.5.1`,
      'PID|1||4711^^^LAB||MUSTER^ERIKA||19640812|F',
      `OBR|1|P${index}|F${index}|24323-8^Panel^LN|||${at}||||||||||||||||||F`,
    ]
    yield Buffer.from(`${[...head, ...results].join('\r')}\r`)
  }
}

describe('an import', () => {
  it('of a zip of 20,000 small files stays below the limit', async () => {
    const path = join(folder, 'many.zip')
    const zip = new ZipFile()
    for (let index = 0; index < 20_000; index++) zip.addBuffer(observation(index), `fhir/${index}.json`)
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(path))
    const told = await importInChild('auto', path)
    expect(told).toMatchObject({ read: 20_000, imported: 20_000, kept: 20_000, refusals: 0 })
    expect(told.maxRssMiB).toBeLessThan(limitMiB)
  }, 300_000)

  it(`of a stream of ${isLong ? '4 GB' : '200 MB'} stays below the limit`, async () => {
    const counted = { records: 0 }
    const told = await importInChild('apple-health', '-', exportOf(isLong ? 4e9 : 2e8, counted))
    expect(told).toMatchObject({ read: counted.records, imported: counted.records, kept: counted.records })
    expect(told.maxRssMiB).toBeLessThan(limitMiB)
  }, 1_800_000)

  it(`of ${isLong ? '40,000' : '10,000'} HL7 v2 messages stays below the limit`, async () => {
    const count = isLong ? 40_000 : 10_000
    const told = await importInChild('hl7v2', '-', messagesOf(count))
    expect(told).toMatchObject({ read: 7 * count, kept: 6 * count, refusals: 0 })
    expect(told.maxRssMiB).toBeLessThan(limitMiB)
  }, 1_800_000)
})
