/**
 * Raw records in batches of bounded size. `RecordSource.rawRecords` runs to its end without waiting, so each batch is
 * a pass of its own that skips what earlier ones took: a few cheap passes instead of everything in memory.
 */
import type { Period, RawRecord, RecordSource } from '../records/index.ts'

/** UTF-16 units of text per batch. */
const batchLength = 16 * 1024 * 1024

/** Raw records that start in `period`, and those without a time. */
export function* rawBatches(
  source: RecordSource,
  period: Period | undefined,
  limit = batchLength,
): Generator<readonly RawRecord[]> {
  let taken = 0
  let more = true
  while (more) {
    const batch: RawRecord[] = []
    let position = 0
    let length = 0
    more = false
    source.rawRecords((record) => {
      if (position++ < taken) return
      if (length >= limit) {
        more = true
        return
      }
      length += record.text.length
      taken = position
      if (isInPeriod(record, period)) batch.push(record)
    })
    if (batch.length > 0) yield batch
  }
}

function isInPeriod(record: RawRecord, period: Period | undefined): boolean {
  if (period === undefined || record.startMs === null) return true
  return record.startMs >= period.fromMs && record.startMs < period.toMs
}
