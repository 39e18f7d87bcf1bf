/** Rows of a table into the intake, by its plan. Every value is a source record; a row without any is one, kept raw. */
import { minuteMs, ZoneOffsets } from '../../foundation/index.ts'
import { type AcceptedUnit, findMetric, type Metric, metricById, resolveUnit } from '../../metrics/index.ts'
import { type Extra, normaliseSource, type Source } from '../../records/index.ts'
import { DateOrderGate, dateOrderQuestion } from '../date-order.ts'
import { censoredNote } from '../glucose-unit.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { type DateOrder, readWallTime } from '../wall-time.ts'
import { overflowReason, overflows } from './csv-rows.ts'
import { cellNumber } from './number.ts'
import type { TablePlan, ValuePlan } from './table-plan.ts'

/** `<40`, `>400`, `Low`: a reading out of range. */
const censored = /^(?:[<>≤≥]\s*=?\s*[\d.,]+|low|high|lo|hi)$/i
const maxSources = 1000
/** Epoch seconds of the years 1900 to 2200. */
const maxEpochS = 7_258_118_400

interface Row {
  readonly cells: readonly string[]
  readonly place: Place
  /** Cells that the file holds as numbers; in a table of text there are none. */
  readonly numeric: readonly boolean[]
}

/** Where the row stands in time. */
interface When {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

type Fault = { readonly fault: string }

export class TableReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #plan: TablePlan
  readonly #gate: DateOrderGate<Row>
  readonly #sources = new Map<string, Source>()
  readonly #zones = new Map<string, ZoneOffsets | null>()
  #fallbackZone: ZoneOffsets | undefined
  readonly #units = new Map<string, AcceptedUnit | null>()

  constructor(intake: Intake, plan: TablePlan) {
    this.#intake = intake
    this.#plan = plan
    this.#measurements = new Measurements(intake)
    const { format } = plan.time
    const stated = format === 'day-first' || format === 'month-first' ? format : intake.options.dateOrder
    this.#gate = new DateOrderGate(stated, {
      dateOf: ({ cells }) => (format === 'text' ? this.#joined(cells, plan.time.start) : ''),
      take: (row, order) => this.#row(row, order),
      refuse: ({ place }) => this.#measurements.refuse(dateOrderQuestion, place, 'DATE'),
    })
  }

  /** `numeric`: cells that are numbers in the file, written with a decimal point whatever the texts beside them have. */
  take(cells: readonly string[], place: Place, numeric: readonly boolean[] = []): void {
    if (cells.every((cell) => cell.trim() === '')) return
    if (overflows(cells, this.#plan.width)) this.#measurements.refuse(overflowReason, place)
    else this.#gate.push({ cells, place, numeric })
  }

  /** No further row of the table comes. */
  end(): void {
    this.#gate.end()
  }

  #row(row: Row, order: DateOrder | undefined): void {
    const { cells, place } = row
    const when = this.#when(row, order)
    if ('fault' in when) {
      this.#measurements.refuse(when.fault, place, 'DATE')
      return
    }
    const extra = this.#extra(cells)
    const source = this.#source(cells)
    let values = 0
    for (const value of this.#plan.values) if (this.#value(value, row, when, source, extra)) values++
    if (values === 0) this.#measurements.unmapped(this.#plan.type, when.startMs, place)
  }

  /** Takes one value; false where the row has none. */
  #value(plan: ValuePlan, { cells, place, numeric }: Row, when: When, source: Source, extra: Extra): boolean {
    const texts =
      plan.cells === 'interval'
        ? [String(when.durationMs / minuteMs)]
        : plan.cells.map((column) => this.#cell(cells, column))
    if (texts.every((text) => text === '')) return false
    const numbers = texts.map((text, index) =>
      plan.cells === 'interval' ? Number(text) : this.#number(text, numeric[plan.cells[index] as number]),
    )
    if (plan.zeroIsNone === true && numbers.every((number) => number === 0)) return false
    const metric = this.#metric(plan, cells)
    if (!metric) {
      this.#measurements.unmapped(this.#plan.type, when.startMs, place)
      return true
    }
    const bad = numbers.findIndex(Number.isNaN)
    if (bad >= 0) {
      this.#noNumber(texts[bad] as string, metric, when, place)
      return true
    }
    const unit = this.#unit(plan, metric, cells)
    if (typeof unit === 'string') {
      this.#measurements.refuse(unit, place, 'UNIT')
      return true
    }
    const [value = Number.NaN, second = 0] = numbers
    this.#measurements.take(
      { metric: metric.id, unit: unit.ucum, source, ...when, value, second, extra },
      place,
    )
    return true
  }

  #number(text: string, isNumeric = false): number {
    return cellNumber(text, this.#plan.decimalComma && !isNumeric)
  }

  #noNumber(text: string, metric: Metric, when: When, place: Place): void {
    const word = metric.values?.[text.toLowerCase()]
    if (text !== '' && (censored.test(text) || word !== undefined)) {
      this.#intake.note(censoredNote)
      this.#measurements.unmapped(`${metric.id} ${text}`.slice(0, 60), when.startMs, place)
    } else {
      const reason =
        text === ''
          ? `one of the numbers of ${metric.id} is missing`
          : `the value of ${metric.id} is no number`
      this.#measurements.refuse(reason, place)
    }
  }

  #metric(plan: ValuePlan, cells: readonly string[]): Metric | undefined {
    if ('metric' in plan.metric) return plan.metric.metric
    const name = this.#cell(cells, plan.metric.column)
    try {
      return metricById(name) ?? findMetric(name)
    } catch {
      // Unknown names are kept raw with their row.
      return undefined
    }
  }

  /** The unit of the row's value, or why there is none. */
  #unit(plan: ValuePlan, metric: Metric, cells: readonly string[]): AcceptedUnit | string {
    if ('unit' in plan.unit) return plan.unit.unit
    if ('question' in plan.unit) return plan.unit.question
    const text = this.#cell(cells, plan.unit.column)
    if (text === '' && metric.needsUnit) return `${metric.id} has no unit: say --unit ${metric.id}=…`
    const key = `${metric.id} ${text}`
    let unit = this.#units.get(key)
    if (unit === undefined) {
      unit = acceptedUnit(metric, text) ?? null
      if (this.#units.size < maxSources) this.#units.set(key, unit)
    }
    return unit ?? `"${text.slice(0, 40)}" is no unit of ${metric.id}`
  }

  #when({ cells, numeric }: Row, order: DateOrder | undefined): When | Fault {
    const { time } = this.#plan
    const zone = this.#zone(cells)
    if (zone === null) return { fault: 'its zone is none' }
    const start = this.#instant(this.#joined(cells, time.start), order, zone)
    if (!start) return { fault: 'its date cannot be read' }
    let durationMs = 0
    if (time.end) {
      const end = this.#instant(this.#joined(cells, time.end), order, zone)
      if (!end) return { fault: 'its end cannot be read' }
      durationMs = end.ms - start.ms
    } else if (time.duration) {
      const { column } = time.duration
      const length = this.#number(this.#cell(cells, column), numeric[column])
      if (!Number.isNaN(length)) durationMs = Math.round(length * time.duration.unitMs)
    }
    return { startMs: start.ms, durationMs, offsetMin: start.offsetMin }
  }

  #instant(
    text: string,
    order: DateOrder | undefined,
    zone: ZoneOffsets,
  ): { readonly ms: number; readonly offsetMin: number } | undefined {
    const { format } = this.#plan.time
    if (format === 'epoch-s' || format === 'epoch-ms') {
      const number = cellNumber(text)
      const ms = Math.round(format === 'epoch-s' ? number * 1000 : number)
      return Math.abs(ms) <= maxEpochS * 1000 ? { ms, offsetMin: zone.at(ms) } : undefined
    }
    const time = readWallTime(text, order)
    if (!time) return undefined
    if (time.offsetMin !== null) {
      return { ms: time.wallMs - time.offsetMin * minuteMs, offsetMin: time.offsetMin }
    }
    const ms = zone.instantOf(time.wallMs)
    return { ms, offsetMin: zone.at(ms) }
  }

  #zone(cells: readonly string[]): ZoneOffsets | null {
    const { zone, zoneColumn } = this.#plan.time
    const name = zoneColumn === undefined ? '' : this.#cell(cells, zoneColumn)
    // What the person says wins.
    if (name === '' || this.#intake.options.zone !== undefined) {
      this.#fallbackZone ??= zone()
      return this.#fallbackZone
    }
    let offsets = this.#zones.get(name)
    if (offsets === undefined) {
      offsets = knownZone(name)
      if (this.#zones.size < maxSources) this.#zones.set(name, offsets)
    }
    return offsets
  }

  #extra(cells: readonly string[]): Extra {
    const { note, tags, context, meta } = this.#plan
    const facts: Record<string, string> = {}
    for (const [name, column] of meta) {
      const text = this.#cell(cells, column)
      if (text !== '') facts[name] = text
    }
    const noteText = this.#joined(cells, note)
    const tagList = tags
      .flatMap((column) => this.#cell(cells, column).split(/[,;|]/))
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
    const contextText = this.#joined(cells, context)
    return {
      ...(noteText === '' ? {} : { note: noteText }),
      ...(tagList.length === 0 ? {} : { tags: tagList }),
      ...(contextText === '' ? {} : { context: contextText }),
      ...(Object.keys(facts).length === 0 ? {} : { meta: facts }),
    }
  }

  #source(cells: readonly string[]): Source {
    const device = this.#cell(cells, this.#plan.device)
    let source = this.#sources.get(device)
    if (!source) {
      source = normaliseSource({ name: this.#plan.app, device })
      if (this.#sources.size < maxSources) this.#sources.set(device, source)
    }
    return source
  }

  #joined(cells: readonly string[], columns: readonly number[]): string {
    return columns
      .map((column) => this.#cell(cells, column))
      .filter((text) => text !== '')
      .join(' ')
  }

  #cell(cells: readonly string[], column: number): string {
    const text = column < 0 ? '' : (cells[column] ?? '').trim()
    return this.#plan.none.has(text) ? '' : text
  }
}

/** The metric's unit of that spelling; the only one for an empty text; undefined where there is none. */
export function acceptedUnit(metric: Metric, text: string): AcceptedUnit | undefined {
  if (text === '') return metric.needsUnit ? undefined : metric.units[0]
  try {
    return resolveUnit(metric, text)
  } catch {
    return undefined
  }
}

function knownZone(name: string): ZoneOffsets | null {
  try {
    return new ZoneOffsets(name)
  } catch {
    return null
  }
}
