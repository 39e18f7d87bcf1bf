/** The trend verdict for a series that comes without a metric: the method `trend` of `analyze`. */
import { daysOfSeries, type MethodArguments, type MethodResult } from '../analytics/index.ts'
import { Failure, parseDay } from '../foundation/index.ts'
import { type TrendMethod, type TrendResult, trendOf } from '../insight/index.ts'

const methods: readonly TrendMethod[] = ['auto', 'theil-sen', 'ols', 'stl']
/** A Monday: of a series without times the first value is the first day of a week. */
const monday = 4

/**
 * `trend --json` without the metric. `values` are one a day, null missing; with `times` they need not be, and several of
 * a day become their mean. Without `times` there are no dates: `at` is null, `index` (1-based) and "day 12" stand in.
 */
export function seriesTrend(input: MethodArguments, options: MethodArguments): MethodResult {
  const unit = options['unit'] ?? '1'
  const method = options['method'] ?? 'auto'
  if (typeof unit !== 'string') throw new Failure('VALUE', '"unit" must be a UCUM code')
  const known = methods.find((one) => one === method)
  if (known === undefined) throw new Failure('VALUE', `"method" must be one of ${methods.join(', ')}`)
  const { firstDay, values } = daysOfSeries(input)
  const start = firstDay ?? monday
  const byDay = { day: Int32Array.from(values, (_, i) => start + i), value: values }
  const number = (value: number) => `${Number(value.toPrecision(4))}${unit === '1' ? '' : ` ${unit}`}`
  const { metric: _, ...result } = trendOf(byDay, {
    metric: 'series',
    name: 'The series',
    unit,
    format: { value: number, change: number },
    method: known,
  })
  return firstDay === null ? withoutDates(result) : { ...result }
}

const weekdayName = /Mondays|Tuesdays|Wednesdays|Thursdays|Fridays|Saturdays|Sundays/g
const weekdays = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays']

/** Without times nothing is known of dates and weekdays, so none is claimed. */
function withoutDates(result: Omit<TrendResult, 'metric'>): MethodResult {
  const position = (date: string) => parseDay(date) - monday + 1
  const { line, latest, seasonality } = result
  return {
    ...result,
    from: null,
    to: null,
    latest: latest === null ? null : { at: null, index: position(latest.at), value: latest.value },
    changePoints: result.changePoints.map(({ at, ...levels }) => ({
      at: null,
      index: position(at),
      ...levels,
    })),
    seasonality: seasonality === null ? null : { ...seasonality },
    line: line === null ? null : { ...line, day: line.day - monday + 1 },
    text: result.text
      .replace(/\d{4}-\d{2}-\d{2}/g, (date) => `day ${position(date)}`)
      .replace(weekdayName, (name) => `every seventh day from day ${weekdays.indexOf(name) + 1}`),
  }
}
