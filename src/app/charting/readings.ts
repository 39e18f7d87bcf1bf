/** Single readings of a metric in the display unit, streamed: for what daily values cannot show. */
import { dayMs, minuteMs, startDay } from '../../foundation/index.ts'
import { conversion, displayUnit, fromCanonical, type Metric } from '../../metrics/index.ts'
import type { AppContext } from '../context.ts'
import type { DayRange } from '../daily.ts'

/**
 * Calls `visit` with every reading of the local days of `range`, of all sources: its value (of the first component),
 * its local day (days since 1970-01-01) and its local minute of the day (0 to below 1440).
 */
export function eachReading(
  context: AppContext,
  metric: Metric,
  range: DayRange,
  visit: (value: number, day: number, minute: number) => void,
): void {
  const unit = displayUnit(metric, context.config.unitPreferences())
  const { fromDay = Number.NEGATIVE_INFINITY, toDay = Number.POSITIVE_INFINITY } = range
  const dayStartMin = context.config.dayStartMin()
  const query = { metric: metric.id, ...periodAround(range) }
  context.vault().scan(query, ({ series, columns }) => {
    const { factor, offset } = conversion(metric.id, series.unit)
    const values = columns.values[0]
    if (values === undefined) return
    for (let i = 0; i < columns.length; i++) {
      const startMs = columns.startMs[i] as number
      const offsetMin = columns.offsetMin[i] as number
      const day = startDay(startMs, columns.durationMs[i] as number, offsetMin, dayStartMin)
      if (day < fromDay || day > toDay) continue
      const localMs = startMs + offsetMin * minuteMs
      const minute = (((localMs % dayMs) + dayMs) % dayMs) / minuteMs
      visit(fromCanonical(metric, unit, factor * (values[i] as number) + offset), day, minute)
    }
  })
}

/** Days are local: a day of slack on each side. */
function periodAround({ fromDay, toDay }: DayRange) {
  if (fromDay === undefined && toDay === undefined) return {}
  return { period: { fromMs: ((fromDay ?? -1e5) - 1) * dayMs, toMs: ((toDay ?? 1e5) + 2) * dayMs } }
}
