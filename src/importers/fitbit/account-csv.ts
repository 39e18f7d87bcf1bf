/**
 * The CSV file that fitbit.com gave of a month: tables one behind the other, each under a line with its title (Body,
 * Foods, Activities, Sleep, Food Log). Numbers have thousands separators; dates and units follow the account.
 */
import { DateOrderGate, dateOrderQuestion } from '../date-order.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { cellNumber } from '../delimited/number.ts'
import { headText } from '../delimited/text.ts'
import type { InputMember } from '../importer.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { type DateOrder, readWallTime } from '../wall-time.ts'
import type { FitbitContext } from './context.ts'
import { totalOfDay } from './days.ts'
import { statedUnit, weightQuestion, weightUnit } from './weight.ts'

const sections = /^(Body|Foods|Activities|Sleep|Food Log \d+)$/
const beginning =
  /^"?(Body|Foods|Activities|Sleep|Food Log \d+)"?,*\r?\n"?(Date|Start Time|Meal|Daily Totals)\b/

/** Days of the section Activities: title → metric and unit. */
const activityColumns: Readonly<Record<string, readonly [string, string]>> = {
  'calories burned': ['total_energy', 'kcal'],
  steps: ['steps', '{steps}'],
  floors: ['flights_climbed', '{floors}'],
  'minutes sedentary': ['sedentary_time', 'min'],
  'minutes lightly active': ['light_activity_time', 'min'],
  'minutes fairly active': ['moderate_activity_time', 'min'],
  'minutes very active': ['vigorous_activity_time', 'min'],
}
const nightColumns: Readonly<Record<string, readonly [string, string]>> = {
  'minutes rem sleep': ['sleep_rem', 'min'],
  'minutes light sleep': ['sleep_core', 'min'],
  'minutes deep sleep': ['sleep_deep', 'min'],
  'minutes awake': ['sleep_awake', 'min'],
  'time in bed': ['sleep_in_bed', 'min'],
}
const distanceQuestion =
  'nothing tells the unit of its distance: say --unit distance_walking_running=km or --unit distance_walking_running=[mi_i]'

/** Metrics that the file can become. */
export const accountMetrics: readonly string[] = [
  ...Object.values(activityColumns).map(([metric]) => metric),
  ...Object.values(nightColumns).map(([metric]) => metric),
  'bmi',
  'body_fat',
  'distance_walking_running',
  'energy_intake',
  'sleep_awakenings',
  'sleep_total',
  'weight',
]

export function isAccountCsv(head: Uint8Array): boolean {
  return beginning.test(headText(head))
}

interface Row {
  readonly section: string
  readonly cell: (title: string) => string
  readonly place: Place
}

export async function readAccountCsv(
  context: FitbitContext,
  member: InputMember,
  totalBytes: number | null,
): Promise<void> {
  const label = memberLabel(member.name)
  const { measurements } = context
  const gate = new DateOrderGate<Row>(context.intake.options.dateOrder, {
    dateOf: ({ cell }) => cell('date') || cell('start time'),
    take: (row, order) => takeRow(context, row, order),
    refuse: ({ place }) => measurements.refuse(dateOrderQuestion, place, 'DATE'),
  })
  let section = ''
  let titles: readonly string[] | undefined
  await readRows(
    member,
    context.intake,
    totalBytes,
    (cells, line, delimiter) => {
      const first = cells[0]?.trim() ?? ''
      if (cells.every((cell) => cell.trim() === '')) return
      if (sections.test(first) && cells.slice(1).every((cell) => cell.trim() === '')) {
        section = first
        titles = undefined
      } else if (titles) {
        const place = { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) }
        const header = titles
        const cell = (title: string) => cells[header.indexOf(title)]?.trim() ?? ''
        if (section.startsWith('Food Log')) measurements.unmapped('fitbit food log', null, place)
        else gate.push({ section, cell, place })
      } else titles = cells.map((cell) => cell.trim().toLowerCase())
    },
    { delimiter: ',' },
  )
  gate.end()
}

function takeRow(context: FitbitContext, row: Row, order: DateOrder | undefined): void {
  if (row.section === 'Sleep') takeNight(context, row, order)
  else {
    const wallMs = readWallTime(row.cell('date'), order)?.wallMs ?? Number.NaN
    const day = context.dayOf(wallMs)
    if (!day) context.measurements.refuse('its date cannot be read', row.place, 'DATE')
    else if (row.section === 'Body') takeBody(context, row, day.startMs, day.offsetMin)
    else takeDay(context, row, day)
  }
}

function takeBody(context: FitbitContext, { cell, place }: Row, startMs: number, offsetMin: number): void {
  const base = { source: context.account, startMs, offsetMin }
  const [weight, bmi, fat] = ['weight', 'bmi', 'fat'].map((title) => numberIn(cell(title))) as [
    number,
    number,
    number,
  ]
  let taken = 0
  const unit = statedUnit(context.intake, 'weight') ?? weightUnit(weight, bmi)
  if (weight > 0 && unit === undefined) {
    taken++
    context.measurements.refuse(weightQuestion, place, 'UNIT')
  }
  for (const [metric, inUnit, value] of [
    ['weight', unit, weight],
    ['bmi', 'kg/m2', bmi],
    ['body_fat', '%', fat],
  ] as const) {
    // 0 where nothing was entered.
    if (!(value > 0) || inUnit === undefined) continue
    taken++
    context.measurements.take({ metric, unit: inUnit, value, ...base }, place)
  }
  if (taken === 0) context.measurements.unmapped('fitbit body', startMs, place)
}

function takeDay(
  context: FitbitContext,
  { section, cell, place }: Row,
  day: { readonly startMs: number; readonly durationMs: number; readonly offsetMin: number },
): void {
  const source = context.account
  let taken = 0
  const take = (metric: string, unit: string, value: number) => {
    if (!(value >= 0)) return
    taken++
    context.measurements.take({ metric, unit, source, value, extra: totalOfDay(value), ...day }, place)
  }
  if (section === 'Foods') take('energy_intake', 'kcal', aboveZero(numberIn(cell('calories in'))))
  // A day without wear.
  else if (numberIn(cell('minutes sedentary')) !== minutesOfDay) {
    for (const [title, [metric, unit]] of Object.entries(activityColumns))
      take(metric, unit, numberIn(cell(title)))
    const distance = numberIn(cell('distance'))
    const unit = statedUnit(context.intake, 'distance_walking_running')
    if (unit !== undefined) take('distance_walking_running', unit, distance)
    else if (distance > 0) {
      taken++
      context.measurements.refuse(distanceQuestion, place, 'UNIT')
    }
  }
  context.finish(`fitbit ${section.toLowerCase()}`, taken, day.startMs, place)
}

const minutesOfDay = 1440

function takeNight(context: FitbitContext, { cell, place }: Row, order: DateOrder | undefined): void {
  const wall = (title: string) => readWallTime(cell(title), order)?.wallMs ?? Number.NaN
  const start = context.ofWall(wall('start time'))
  const end = context.ofWall(wall('end time'))
  if (!(end.ms > start.ms)) {
    context.measurements.refuse('its start or end cannot be read', place, 'DATE')
    return
  }
  const source = context.account
  const period = { source, startMs: start.ms, durationMs: end.ms - start.ms, offsetMin: start.offsetMin }
  const found = Object.entries(nightColumns).flatMap(([title, [metric, unit]]) => {
    const value = numberIn(cell(title))
    return value > 0 ? [{ ...period, metric, unit, value }] : []
  })
  const isStaged = found.some(({ metric }) => /_(rem|core|deep)$/.test(metric))
  const asleep = numberIn(cell('minutes asleep'))
  if (!isStaged && asleep > 0) found.push({ ...period, metric: 'sleep_total', unit: 'min', value: asleep })
  for (const one of found) context.measurements.take(one, place)
  const awakenings = numberIn(cell('number of awakenings'))
  const wake = {
    source,
    startMs: end.ms,
    offsetMin: end.offsetMin,
    metric: 'sleep_awakenings',
    unit: '{count}',
  }
  if (awakenings >= 0) context.measurements.take({ value: awakenings, ...wake }, place)
  context.finish('fitbit night', found.length, start.ms, place)
}

/** A number with thousands separators (`1,838`); NaN for `N/A`. */
function numberIn(text: string): number {
  return cellNumber(/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text)
}

function aboveZero(value: number): number {
  return value > 0 ? value : Number.NaN
}
