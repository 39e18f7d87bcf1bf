/** docs/import.md says what the registry says, and the registry says what there is. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importFormats } from '../../../src/app/import-formats.ts'
import { importers } from '../../../src/importers/index.ts'
import { metricById } from '../../../src/metrics/index.ts'
import { entityTypes } from '../../../src/records/index.ts'
import { formatsPage } from './formats-page.ts'

const formatsFolder = join(import.meta.dirname, '../../../docs/formats')
const pages = new Set(readdirSync(formatsFolder).map((file) => file.replace(/\.md$/, '')))

it('docs/import.md is current', async () => {
  await expect(formatsPage(await importFormats(), pages)).toMatchFileSnapshot('../../../docs/import.md')
})

describe.each(importers.map((importer) => [importer.name, importer] as const))('%s', (name, importer) => {
  it('maps to metrics of the catalogue and types of entities, each named once', () => {
    const unknown = importer.maps.filter(
      (one) => metricById(one) === undefined && !entityTypes.includes(one as never),
    )
    expect(unknown).toEqual([])
    expect(new Set(importer.maps).size).toBe(importer.maps.length)
  })

  it('says what it was tested with, and has a page of its own', () => {
    expect(importer.testedWith.length).toBeGreaterThan(0)
    expect(pages).toContain(name)
  })
})
