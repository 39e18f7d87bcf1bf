/** Adding up and taking apart what became of source records. */
import type { FormatCounts } from './importer.ts'

const plainCounts = ['read', 'imported', 'pending', 'merged', 'duplicates', 'skipped', 'refused'] as const
const tables = ['byMetric', 'entities', 'unmapped'] as const

/** Records that have an outcome: equal to `read` when the account is closed. */
export function settledCount(counts: FormatCounts): number {
  const unmapped = Object.values(counts.unmapped).reduce((sum, count) => sum + count, 0)
  const { imported, pending, merged, duplicates, skipped, refused } = counts
  return imported + pending + merged + duplicates + skipped + refused + unmapped
}

/** What came to `before` until `after`. */
export function countsBetween(before: FormatCounts, after: FormatCounts): FormatCounts {
  const plain = Object.fromEntries(plainCounts.map((name) => [name, after[name] - before[name]]))
  const byName = Object.fromEntries(
    tables.map((name) => {
      const earlier = new Map(Object.entries(before[name]))
      const entries = Object.entries(after[name])
      const added = entries.map(([key, count]) => [key, count - (earlier.get(key) ?? 0)] as const)
      return [name, Object.fromEntries(added.filter(([, count]) => count !== 0))]
    }),
  )
  return { ...plain, ...byName } as unknown as FormatCounts
}

/** Adds to the count of a key. */
export function increment(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

/** Counts as an object in order of key. */
export function sortedRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
