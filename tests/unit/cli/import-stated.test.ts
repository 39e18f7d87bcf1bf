/** What a person states about an import, and what a locked vault makes of one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mappingPath, readMapping, statedUnits } from '../../../src/app/importing/stated.ts'
import { freshPlaces } from '../app/places.ts'
import { laws as fhir } from '../importers/fhir/fixture.ts'
import { endAgents, type VaultHome, vaultHome } from './vault-home.ts'

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome()
})
afterAll(endAgents)

describe('units and mappings', () => {
  it('are named by metric and unit, in any spelling', () => {
    expect(statedUnits(['weight=kg', 'glucose=mg/dl', 'bp=mmHg'])).toEqual({
      weight: 'kg',
      glucose: 'mg/dL',
      blood_pressure: 'mm[Hg]',
    })
    for (const text of ['weight', '=kg', 'weight=', 'weight=kg=lb']) {
      expect(() => statedUnits([text])).toThrow('--unit takes a metric and its unit')
    }
    expect(() => statedUnits(['weight=mmol/L'])).toThrow(expect.objectContaining({ code: 'UNIT' }))
    expect(() => statedUnits(['shoes=kg'])).toThrow(expect.objectContaining({ code: 'UNKNOWN_METRIC' }))
  })

  it('are read by name from the configuration folder, and by name alone', async () => {
    const { paths } = freshPlaces()
    mkdirSync(join(paths.config, 'mappings'), { recursive: true })
    writeFileSync(mappingPath(paths, 'cuff'), '{"a":1}')
    writeFileSync(mappingPath(paths, 'broken'), '{')
    expect(await readMapping(paths, 'cuff')).toEqual({ a: 1 })
    await expect(readMapping(paths, 'broken')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(readMapping(paths, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const name of ['../secret', 'A', '', 'x/y']) {
      await expect(readMapping(paths, name)).rejects.toMatchObject({ code: 'USAGE' })
    }
  })

  it('are asked of the person in words that say what is wrong', async () => {
    const file = home.file('x.json', JSON.stringify(fhir.files(0, 1)['bundle.json']))
    expect(await home.run(['import', 'auto', file, '--unit', 'weight'])).toMatchObject({ code: 2 })
    expect(await home.run(['import', 'auto', file, '--map', 'none'])).toMatchObject({ code: 5 })
  })
})

describe('an import of entities', () => {
  const bundle = (from: number, to: number) => String(fhir.files(from, to)['bundle.json'])
  const countsOf = ({ read, imported, duplicates, pending, entities }: Record<string, unknown>) => ({
    read,
    imported,
    duplicates,
    pending: pending ?? 0,
    entities,
  })

  it('into a locked vault tells the same as into an open one, once it is unlocked', async () => {
    const open = await vaultHome()
    const path = open.file('bundle.json', bundle(0, fhir.size))
    const direct = countsOf(await open.json(['import', 'auto', path]))
    expect(direct.entities).toMatchObject({ condition: 1, allergy: 1, immunization: 1 })

    const sealed = await vaultHome()
    const copy = sealed.file('bundle.json', bundle(0, fhir.size))
    const view = JSON.parse((await sealed.locked(['import', 'auto', copy, '--json'])).stdout)
    expect(view.pending).toBe(direct.imported)
    await sealed.locked(['import', 'auto', copy])
    const { imports } = await sealed.json(['import', 'history'])
    expect(countsOf(imports[0].report)).toEqual(direct)
    expect(countsOf(imports[1].report)).toMatchObject({
      imported: 0,
      duplicates: direct.imported,
      pending: 0,
    })
    expect(imports[0].report.formats.fhir).toMatchObject({ imported: direct.imported, pending: 0 })
    const dry = await sealed.json(['import', 'auto', copy, '--dry-run'])
    expect(countsOf(dry)).toMatchObject({ imported: 0, duplicates: direct.imported })
  })

  it('tells people what it brought and what it did not know', async () => {
    const folder = join(home.folder, 'mixed')
    mkdirSync(folder)
    writeFileSync(join(folder, 'bundle.json'), bundle(0, fhir.size))
    for (let i = 0; i < 12; i++) writeFileSync(join(folder, `${i}.txt`), 'x')
    const done = await home.run(['import', 'auto', folder], { columns: 100 })
    expect(done.code).toBe(0)
    expect(done.stdout).toMatch(/1 {2}condition\n/)
    expect(done.stderr).toContain('0.txt is of no known format: text')
    expect(done.stderr).toContain('… and 2 more files of no known format; --json lists them')
    const named = [join(folder, 'bundle.json'), join(folder, '0.txt')]
    expect(await home.run(['import', 'auto', ...named])).toMatchObject({ code: 3 })
  })

  it('says of what is too large to be sealed that it has to come again', async () => {
    const folder = join(home.folder, 'large')
    mkdirSync(join(folder, 'workout-routes'), { recursive: true })
    writeFileSync(join(folder, 'export.xml'), '<HealthData locale="en"></HealthData>')
    let noise = ''
    for (let i = 0; i < 200_000; i++) noise += Math.imul(i + 1, 0x9e3779b1).toString(36)
    writeFileSync(join(folder, 'workout-routes', 'route.gpx'), noise)
    const done = await home.locked(['import', 'auto', folder, '--json'])
    expect(done.code).toBe(3)
    expect(JSON.parse(done.stdout).refusals).toMatchObject([
      { where: 'workout-routes/route.gpx', reason: expect.stringContaining('too large to be sealed') },
    ])
  })
})
