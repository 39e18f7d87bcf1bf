/** Daily aggregates of everything in a vault, through its public reading. */
import type { SeriesColumns } from '../src/records/index.ts'
import type { Vault } from '../src/vault/index.ts'
import type { DailyAggregates } from './plain-table.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

export function aggregateVault(vault: Vault): DailyAggregates {
  const days: DailyAggregates = new Map()
  vault.scan({}, (part) => aggregate(part, days))
  return days
}

function aggregate({ series, columns }: SeriesColumns, days: DailyAggregates): void {
  const { length, startMs, offsetMin } = columns
  const values = columns.values[0] as Float64Array
  let row = 0
  while (row < length) {
    const offset = offsetMin[row] as number
    const day = Math.floor(((startMs[row] as number) + offset * minuteMs) / dayMs)
    const endMs = (day + 1) * dayMs - offset * minuteMs
    const first = row
    let sum = 0
    let min = values[row] as number
    let max = min
    for (; row < length && (startMs[row] as number) < endMs && offsetMin[row] === offset; row++) {
      const value = values[row] as number
      sum += value
      if (value < min) min = value
      else if (value > max) max = value
    }
    join(days, `${series.metric}/${series.source.device}/${day}`, { count: row - first, sum, min, max })
  }
}

/** A day may lie in two segments, or change its offset. */
function join(
  days: DailyAggregates,
  key: string,
  part: { count: number; sum: number; min: number; max: number },
): void {
  const known = days.get(key)
  if (known === undefined) {
    days.set(key, part)
    return
  }
  known.count += part.count
  known.sum += part.sum
  known.min = Math.min(known.min, part.min)
  known.max = Math.max(known.max, part.max)
}
