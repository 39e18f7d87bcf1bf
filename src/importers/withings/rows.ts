/** Rows of the Withings archive that hold several things at once: pressure, nights, activities. */

import { snakeCase } from '../activity-sports.ts'
import { cellNumber } from '../delimited/number.ts'
import type { Place } from '../measurements.ts'
import type { WithingsContext } from './read.ts'
import { sleepColumns } from './tables.ts'

const maxMeta = 50

/** `Date,Heart rate,Systolic,Diastolic,Comments`: a row can have a pulse only. */
export function takePressure(
  context: WithingsContext,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
): void {
  const at = (title: RegExp) => cells[header.findIndex((one) => title.test(one))] ?? ''
  const { ms: startMs, offsetMin } = context.time(cells[0] ?? '')
  const note = at(/^comments$/i)
  const base = {
    source: context.source,
    startMs,
    offsetMin,
    extra: note === '' ? {} : { note: note.slice(0, 1000) },
  }
  const [pulse, systolic, diastolic] = [at(/^heart rate$/i), at(/^systolic$/i), at(/^diastolic$/i)]
  if (systolic !== '' && diastolic !== '') {
    const values = { value: cellNumber(systolic), second: cellNumber(diastolic) }
    context.measurements.take({ metric: 'blood_pressure', unit: 'mm[Hg]', ...values, ...base }, place)
  } else if (systolic !== '' || diastolic !== '') {
    context.measurements.unmapped('withings pressure without its partner', startMs, place)
  }
  if (pulse !== '') {
    context.measurements.take(
      { metric: 'heart_rate', unit: '/min', value: cellNumber(pulse), ...base },
      place,
    )
  }
  if (`${systolic}${diastolic}${pulse}` === '') {
    context.measurements.unmapped('withings row without values', startMs, place)
  }
}

/** A night: stages in seconds, what belongs to waking at its end. */
export function takeSleep(
  context: WithingsContext,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
): void {
  const start = context.time(cells[0] ?? '')
  const end = context.time(cells[1] ?? '')
  const durationMs = end.ms - start.ms
  const night = { startMs: start.ms, offsetMin: start.offsetMin, durationMs }
  const wake = { startMs: end.ms, offsetMin: end.offsetMin }
  let taken = 0
  for (const [index, cell] of cells.entries()) {
    const column = sleepColumns.find((one) => one.title.test(header[index] ?? ''))
    const value = cellNumber(cell)
    if (!column || cell === '' || value < column.from) continue
    taken++
    const { metric, unit } = column
    const span = column.atEnd ? wake : night
    context.measurements.take({ metric, unit, source: context.source, ...span, value }, place)
  }
  if (taken === 0) context.measurements.unmapped('withings row without values', start.ms, place)
  else if (context.intake.begin(0)) context.intake.keep('withings sleep', place.where(), start.ms, place.raw)
}

/** An activity: its time, its kind, and the totals of its `Data` cell beside it. */
export function takeActivity(
  context: WithingsContext,
  cells: readonly string[],
  header: readonly string[],
  place: Place,
): void {
  const at = (title: RegExp) => cells[header.findIndex((one) => title.test(one))] ?? ''
  const start = context.time(at(/^from$/i))
  const end = context.time(at(/^to$/i))
  const sport = snakeCase(at(/^activity type$/i))
  const extra = { ...(sport === '' ? {} : { context: sport }), ...metaOf(at(/^data$/i)) }
  const durationMs = end.ms - start.ms
  const base = { metric: 'workout', unit: 's', source: context.source }
  const span = { startMs: start.ms, offsetMin: start.offsetMin, durationMs }
  context.measurements.take({ value: durationMs / 1000, extra, ...base, ...span }, place)
}

/** Numbers and texts of a JSON object as texts by name. */
function metaOf(text: string): { readonly meta?: Readonly<Record<string, string>> } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The cell is kept as the row is: it is no object that could be taken apart.
    return text === '' ? {} : { meta: { data: text.slice(0, 2000) } }
  }
  if (typeof parsed !== 'object' || parsed === null) return {}
  const entries = Object.entries(parsed)
    .filter(([, one]) => typeof one === 'number' || (typeof one === 'string' && one !== ''))
    .slice(0, maxMeta)
    .map(([name, one]): [string, string] => [name, String(one).slice(0, 200)])
  return entries.length === 0 ? {} : { meta: Object.fromEntries(entries) }
}
