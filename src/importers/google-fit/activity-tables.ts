/**
 * `Daily activity metrics.csv` (a row for each local day; earlier `Daily Summaries.csv`) and the CSV of each day (`2024-05-01.csv`, a row for
 * each quarter of an hour). Titles are in the account's language; columns depend on what the account has.
 */
import { dayMs } from '../../foundation/index.ts'
import { growingTotalFacts, type Source } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { firstRows, readRows } from '../delimited/member-rows.ts'
import { eitherNumber } from '../delimited/number.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { type DaySpan, localDaySpan } from '../local-days.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { instantWithOffset, readWallTime } from '../wall-time.ts'
import { sums } from './streams.ts'

interface Column {
  readonly title: RegExp
  readonly metric: string
  readonly unit: string
  /** An average of readings, left to the readings where the export has them: their data type. */
  readonly averageOf?: string
}

/** Titles in English and German; sums also by the words of other languages that cannot mean anything else. */
const columns: readonly Column[] = [
  {
    title:
      /^(step count|schrittzahl|nombre de pas|recuento de pasos|número de pasos|contagem de passos|conteggio passi|aantal stappen|歩数)$/i,
    metric: 'steps',
    unit: '{steps}',
  },
  {
    title: /^(distance|distanz|entfernung|distancia|distância|distanza|afstand|距離) \(m\)$/i,
    metric: 'distance_walking_running',
    unit: 'm',
  },
  {
    title: /^(calories|kalorien|calorías|calorias|calorie|calorieën|カロリー) \(kcal\)$/i,
    metric: 'total_energy',
    unit: 'kcal',
  },
  {
    title: /^(move minutes count|anzahl der aktivitätsminuten|nombre de minutes d.activité)$/i,
    metric: 'move_time',
    unit: 'min',
  },
  {
    title: /^(heart points|kardiopunkte|points cardio|puntos cardio|pontos cardio|punti cardio)$/i,
    metric: 'heart_points',
    unit: '{score}',
  },
  {
    title: /^(average heart rate|durchschnittliche herzfrequenz) \(bpm\)$/i,
    metric: 'heart_rate',
    unit: '/min',
    averageOf: 'heart_rate.bpm',
  },
  {
    title: /^(average weight|durchschnittsgewicht|durchschnittliches gewicht) \(kg\)$/i,
    metric: 'weight',
    unit: 'kg',
    averageOf: 'weight',
  },
  {
    title: /^(average oxygen saturation|durchschnittliche sauerstoffsättigung) \(%\)$/i,
    metric: 'oxygen_saturation',
    unit: '%',
    averageOf: 'oxygen_saturation',
  },
]

/** Metrics of the tables. */
export const tableMetrics: readonly string[] = columns.map(({ metric }) => metric)

/** Titles that only Google Fit has. */
const ownTitle = /^(move minutes count|heart (points|minutes)|kardio(punkte|minuten))$/i
/** Units as Google Fit writes them behind titles of any language; other programs have one or two of them. */
const unitOfTitle = /\((kcal|m|m\/s|ms|deg|grad)\)$/i
const fewestUnits = 3
/** The bounding box of where a person was: real places, which no measurement needs. */
const place = /latitude|longitude|breitengrad|längengrad|latitud|longitud|latitudine|longitudine|\(deg\)$/i
const quarterStart = /^\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
const dayName = /(\d{4}-\d{2}-\d{2})(?: ?\(\d+\))?\.csv$/i
const maxDayText = 256 * 1024

export type TableKind = 'days' | 'quarters'

/** Which table a file is, by its titles and its first row; undefined when it is none. */
export function tableOf(name: string, head: Uint8Array): TableKind | undefined {
  if (!/\.csv$/i.test(name)) return undefined
  const [titles = [], first = []] = firstRows(head, 2)
  const cell = first[0] ?? ''
  const units = new Set(titles.map((title) => unitOfTitle.exec(title)?.[1]?.toLowerCase()))
  units.delete(undefined)
  const isStart = /^(start time|beginn)$/i.test(titles[0] ?? '') || quarterStart.test(cell)
  if (isStart && (titles.some(columnOf) || units.size >= fewestUnits)) return 'quarters'
  const isOwn = titles.some((title) => ownTitle.test(title)) || units.size >= fewestUnits
  const isDay = /^(date|datum)$/i.test(titles[0] ?? '') || /^\d{4}-\d{2}-\d{2}$/.test(cell)
  return isOwn && isDay ? 'days' : undefined
}

/** The day that a table of quarters is named after; '' when its name tells none. */
export function dayOfName(name: string): string {
  return dayName.exec(memberLabel(name))?.[1] ?? ''
}

/** Whether finer files of the export have the readings that an average was made of. */
export type HasReadings = (dataType: string, day: string) => boolean

export async function readTable(
  member: InputMember,
  kind: TableKind,
  totalBytes: number | null,
  intake: Intake,
  hasReadings: HasReadings,
): Promise<void> {
  const label = memberLabel(member.name)
  const table = new ActivityTable(intake, label, kind, dayOfName(member.name), hasReadings)
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return
    table.row(
      cells.map((cell) => cell.trim()),
      line,
      delimiter,
    )
  })
  table.end()
}

class ActivityTable {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #label: string
  readonly #kind: TableKind
  readonly #day: string
  readonly #hasReadings: HasReadings
  readonly #source: Source
  #titles: readonly string[] | undefined
  #columns: readonly (Column | undefined)[] = []
  /** Places of the columns that are kept raw. */
  #shown: readonly number[] = []
  #titleText = ''
  /** Rows of quarters since the text was last kept, below the titles. */
  #text = ''
  #startMs: number | null = null

  constructor(intake: Intake, label: string, kind: TableKind, day: string, hasReadings: HasReadings) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#label = label
    this.#kind = kind
    this.#day = day
    this.#hasReadings = hasReadings
    this.#source = kind === 'days' ? sums.days : sums.quarters
  }

  row(cells: readonly string[], line: number, delimiter: string): void {
    if (!this.#titles) {
      this.#header(cells, delimiter)
      return
    }
    const raw = () => this.#withoutPlaces(cells, delimiter)
    const at: Place = { where: () => `${this.#label}:${line}`, raw }
    const span = this.#kind === 'days' ? this.#daySpan(cells) : this.#quarterSpan(cells)
    if (!span) {
      this.#measurements.refuse('its time cannot be read', at, 'DATE')
      return
    }
    const taken = this.#values(cells, span, at)
    if (this.#kind === 'quarters') this.#collect(raw(), span)
    else if (taken === 0) this.#measurements.unmapped('google-fit day', span.startMs, at)
    else this.#keep(at, span.startMs, () => this.#dayText(cells))
  }

  /** A day of quarters is kept as one text. */
  end(): void {
    if (this.#startMs === null) return
    const text = this.#text
    this.#keep({ where: () => this.#label, raw: () => text }, this.#startMs, () => text)
    this.#text = this.#titleText
    this.#startMs = null
  }

  #header(titles: readonly string[], delimiter: string): void {
    this.#titles = titles
    this.#columns = titles.map(columnOf)
    this.#shown = titles.flatMap((title, index) => (place.test(title) ? [] : [index]))
    if (this.#columns.every((column) => column === undefined)) {
      this.#intake.note(
        `${this.#label.slice(0, 100)}: its titles are in a language that is not read; rows are kept raw`,
      )
    }
    this.#titleText = this.#withoutPlaces(titles, delimiter)
    this.#text = this.#titleText
  }

  #values(cells: readonly string[], span: DaySpan, at: Place): number {
    let taken = 0
    for (const [index, column] of this.#columns.entries()) {
      const cell = cells[index] ?? ''
      // An empty cell says that there is nothing.
      if (!column || cell === '') continue
      if (column.averageOf !== undefined && this.#hasReadings(column.averageOf, this.#dayOf(cells))) continue
      taken++
      const { metric, unit } = column
      const value = eitherNumber(cell)
      const isTotal = this.#kind === 'days' && column.averageOf === undefined && value >= 0
      const extra = isTotal ? { meta: growingTotalFacts('Google Fit', value) } : {}
      this.#measurements.take({ metric, unit, source: this.#source, ...span, value, extra }, at)
    }
    return taken
  }

  /** The day whose finer files may have readings; a table of quarters is left to data streams alone. */
  #dayOf(cells: readonly string[]): string {
    return this.#kind === 'days' ? (cells[0] ?? '') : ''
  }

  #daySpan(cells: readonly string[]): DaySpan | undefined {
    return localDaySpan(cells[0] ?? '', this.#intake.zone())
  }

  /** `23:45:00.000+05:30`, `00:00:00.000+05:30`: the day is in the file's name, the end may be on the next. */
  #quarterSpan(cells: readonly string[]): DaySpan | undefined {
    const start = readWallTime(`${this.#day} ${cells[0] ?? ''}`)
    const end = readWallTime(`${this.#day} ${cells[1] ?? ''}`)
    if (!start || !end || start.offsetMin === null || end.offsetMin === null) return undefined
    const startMs = instantWithOffset(start.wallMs, start.offsetMin)
    const sameDayEnd = instantWithOffset(end.wallMs, end.offsetMin)
    const endMs = sameDayEnd > startMs ? sameDayEnd : sameDayEnd + dayMs
    // The person's zone wins over the offset that is written.
    const { zone } = this.#intake.options
    const offsetMin = zone === undefined ? start.offsetMin : this.#intake.zone().at(startMs)
    return { startMs, durationMs: endMs - startMs, offsetMin }
  }

  #collect(text: string, span: DaySpan): void {
    if (this.#text.length + text.length > maxDayText) this.end()
    this.#startMs ??= span.startMs
    this.#text = `${this.#text}\n${text}`
  }

  #keep(at: Place, startMs: number, text: () => string): void {
    if (this.#intake.begin(0)) this.#intake.keep('google-fit day', at.where(), startMs, text)
  }

  #withoutPlaces(cells: readonly string[], delimiter: string): string {
    return rowText(
      this.#shown.map((index) => cells[index] ?? ''),
      delimiter,
    )
  }

  /** What a day's row says, by title. */
  #dayText(cells: readonly string[]): string {
    const titles = this.#titles ?? []
    const said = this.#shown.filter((index) => (cells[index] ?? '') !== '')
    return JSON.stringify(Object.fromEntries(said.map((index) => [titles[index] ?? '', cells[index] ?? ''])))
  }
}

function columnOf(title: string): Column | undefined {
  return columns.find((column) => column.title.test(title.trim()))
}
