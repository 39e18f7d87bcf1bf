/** Files that were imported before with the local times of another zone: their records are then there twice. */
import type { ImportReport } from '../../importers/index.ts'
import type { Entity } from '../../records/index.ts'
import { inputFingerprint } from './fingerprint.ts'

type Taken = Pick<ImportReport, 'imported' | 'zones'>

/** A fingerprint of each path's content alone, however it is read. Fails as `inputFingerprint`. */
export function contentFingerprints(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => inputFingerprint([path], null)))
}

/**
 * A note for each earlier import of one of these contents whose local times were those of other zones, where this one
 * brought new records. `imports` are all that the vault knows but this one; undone ones do not count.
 */
export function doubledNotes(
  imports: readonly Entity[],
  contents: readonly string[],
  taken: Taken,
): readonly string[] {
  if (taken.imported === 0 || taken.zones.length === 0) return []
  return imports.flatMap(({ id, fields }) => {
    const zones = (fields['report'] as unknown as Partial<Taken> | undefined)?.zones ?? []
    const earlier = (fields['contents'] as readonly string[] | undefined) ?? []
    const isSameFile = fields['withdrawn'] !== true && contents.some((one) => earlier.includes(one))
    if (!isSameFile || zones.length === 0 || isSameSet(zones, taken.zones)) return []
    return [
      `the same file was imported before with local times of ${zones.join(', ')}, now of ${taken.zones.join(', ')}: with both, its records are there twice, at two times; healthmate import undo ${id} takes the earlier ones back`,
    ]
  })
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}
