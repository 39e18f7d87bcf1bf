/** What the person states about an import beside its files: units, the order of dates, whose it is, a mapping of columns. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../foundation/index.ts'
import type { ImportOptions } from '../../importers/index.ts'
import { findMetric, resolveUnit } from '../../metrics/index.ts'
import type { JsonValue } from '../../records/index.ts'
import type { Paths } from '../paths.ts'

export type DateOrder = NonNullable<ImportOptions['dateOrder']>

export type Stated = Pick<ImportOptions, 'units' | 'mapping' | 'dateOrder' | 'whose'>

/** Fails with USAGE, NOT_FOUND, UNIT as what the person wrote deserves. */
export async function statedBy(
  paths: Paths,
  args: {
    readonly units?: readonly string[]
    readonly map?: string
    readonly dateOrder?: DateOrder
    readonly whose?: string
  },
): Promise<Stated> {
  const { units = [], map, dateOrder, whose } = args
  return {
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(whose === undefined ? {} : { whose }),
    ...(units.length === 0 ? {} : { units: statedUnits(units) }),
    ...(map === undefined ? {} : { mapping: await readMapping(paths, map) }),
  }
}

/** `weight=kg` → metric id and UCUM code. Fails with USAGE, NOT_FOUND or UNIT. */
export function statedUnits(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', unit = '', ...rest] = text.split('=')
      if (name === '' || unit === '' || rest.length > 0) {
        throw new Failure('USAGE', `--unit takes a metric and its unit, not "${text.slice(0, 40)}"`, {
          hint: 'Write it as --unit weight=kg.',
        })
      }
      const metric = findMetric(name)
      return [metric.id, resolveUnit(metric, unit).ucum]
    }),
  )
}

/** Where mappings of columns are saved, by name. */
export function mappingPath(paths: Paths, name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) {
    throw new Failure('USAGE', `"${name.slice(0, 40)}" is no name of a mapping`, {
      hint: 'Names of mappings are lower-case letters, digits and hyphens: blood-pressure-cuff.',
    })
  }
  return join(paths.config, 'mappings', `${name}.json`)
}

/** A saved mapping, unchecked: its importer knows what it must hold. Fails with USAGE or NOT_FOUND. */
export async function readMapping(paths: Paths, name: string): Promise<JsonValue> {
  const path = mappingPath(paths, name)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('NOT_FOUND', `there is no mapping "${name}"`, {
      hint: 'healthmate import csv FILE --interactive makes one.',
      cause,
    })
  })
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new Failure('USAGE', `the mapping ${path} is no JSON`, {
      hint: 'Correct the file, or make it anew with healthmate import csv FILE --interactive.',
      cause,
    })
  }
}
