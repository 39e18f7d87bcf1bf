/**
 * What every adapter gives to `tests/properties/import-laws.test.ts`: an export of its format that can be made in
 * parts, as `laws` in `tests/unit/importers/<name>/fixture.ts`.
 */
import type { ImportOptions } from '../../../src/importers/index.ts'

export interface LawFixture {
  /** Name of the adapter. */
  readonly importer: string
  /** Number of units (records, days, files) that the whole export has; at least 3, and not all of them alike. */
  readonly size: number
  /** Options that the format needs. */
  readonly options?: Partial<ImportOptions>
  /** The files of an export of the units [from, to): two overlapping parts together say what the whole says. */
  files(from: number, to: number): Readonly<Record<string, string | Uint8Array>>
}

/** A table: lines before the rows, and a row for each unit. */
export function tableLaws(
  importer: string,
  name: string,
  {
    head,
    rows,
    end = '\n',
  }: { readonly head: readonly string[]; readonly rows: readonly string[]; readonly end?: string },
  options: Partial<ImportOptions> = {},
): LawFixture {
  const files = (from: number, to: number) => ({ [name]: [...head, ...rows.slice(from, to), ''].join(end) })
  return { importer, size: rows.length, options, files }
}

/** A JSON array: an element for each unit. `wrap` puts it where the format has it. */
export function arrayLaws(
  importer: string,
  name: string,
  items: readonly unknown[],
  wrap: (part: readonly unknown[]) => unknown = (part) => part,
): LawFixture {
  const files = (from: number, to: number) => ({ [name]: JSON.stringify(wrap(items.slice(from, to))) })
  return { importer, size: items.length, files }
}

/** Many files: one for each unit. */
export function fileLaws(
  importer: string,
  all: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ImportOptions> = {},
): LawFixture {
  const entries = Object.entries(all)
  return {
    importer,
    size: entries.length,
    options,
    files: (from, to) => Object.fromEntries(entries.slice(from, to)),
  }
}
