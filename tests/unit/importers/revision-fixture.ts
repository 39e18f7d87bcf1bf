/**
 * What adapters of formats with totals of a day or edited records give to `tests/properties/import-revisions.test.ts`: two
 * exports of which the later says something else about the same thing, as `revisions` in their `fixture.ts`.
 */
import type { ImportOptions } from '../../../src/importers/index.ts'

export interface RevisionFixture {
  /** What the later export changed: `a day in progress`. */
  readonly title: string
  readonly importer: string
  readonly options?: Partial<ImportOptions>
  readonly earlier: Readonly<Record<string, string | Uint8Array>>
  readonly later: Readonly<Record<string, string | Uint8Array>>
  /** Per metric what is seen of each export alone, canonical values in order of time; of both it is what the later says. */
  readonly seen: Readonly<
    Record<string, { readonly earlier: readonly number[]; readonly later: readonly number[] }>
  >
}

/** One file with one JSON value that the two exports say differently. */
export function jsonRevision(
  title: string,
  importer: string,
  name: string,
  values: { readonly earlier: unknown; readonly later: unknown },
  seen: RevisionFixture['seen'],
): RevisionFixture {
  const file = (value: unknown) => ({ [name]: JSON.stringify(value) })
  return { title, importer, earlier: file(values.earlier), later: file(values.later), seen }
}
