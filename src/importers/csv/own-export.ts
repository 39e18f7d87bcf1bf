/**
 * The table that `export csv` writes (docs/formats/csv.md), read back: the same observations, of the same sources, in
 * the units that they came in. Texts are freed from the guard against spreadsheets. The two rows of a blood pressure
 * have one id and become one observation again.
 */
import { minuteMs } from '../../foundation/index.ts'
import { metricById } from '../../metrics/index.ts'
import { deviceClassOf, type Extra, type Source } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { columnAt } from '../delimited/table-plan.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { readWallTime } from '../wall-time.ts'

const needed = [
  'id',
  'metric',
  'component',
  'start',
  'end',
  'value',
  'unit',
  'source_app',
  'source_device',
] as const
const maxSources = 10_000

export function isOwnHeader(cells: readonly string[]): boolean {
  return needed.every((name) => columnAt(cells, name) >= 0)
}

export async function readOwnExport(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let reader: OwnRows | undefined
  await readRows(member, intake, totalBytes, (cells, line) => {
    if (!reader) reader = new OwnRows(intake, cells)
    else if (cells.length > 1) {
      reader.take(cells, { where: () => `${label}:${line}`, raw: () => rowText(cells, ',') })
    }
  })
  if (!intake.interrupted) reader?.end()
}

interface OwnRow {
  readonly id: string
  readonly metric: string
  readonly component: string
  readonly value: number
  readonly unit: string
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly source: Source
  readonly extra: Extra
  readonly place: Place
}

class OwnRows {
  readonly #measurements: Measurements
  readonly #columns: ReadonlyMap<string, number>
  readonly #sources = new Map<string, Source>()
  /** The first component of a pair, until the row behind it shows the second. */
  #waiting: OwnRow | undefined

  constructor(intake: Intake, header: readonly string[]) {
    this.#measurements = new Measurements(intake)
    this.#columns = new Map(header.map((name, column) => [name.trim(), column]))
  }

  take(cells: readonly string[], place: Place): void {
    const row = this.#row(cells, place)
    if (typeof row === 'string') {
      this.#measurements.refuse(row, place)
      return
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) {
      if (waiting.id === row.id && row.component !== waiting.component) {
        this.#pair(waiting, row)
        return
      }
      this.#alone(waiting)
    }
    if (row.component !== '') this.#waiting = row
    else this.#measurements.take(row, place)
  }

  end(): void {
    if (this.#waiting) this.#alone(this.#waiting)
    this.#waiting = undefined
  }

  #pair(first: OwnRow, second: OwnRow): void {
    const components = metricById(first.metric)?.components ?? []
    const inOrder = components[0]?.id === second.component ? [second, first] : [first, second]
    const [a, b] = inOrder as [OwnRow, OwnRow]
    this.#measurements.take({ ...a, second: b.value }, a.place)
    this.#measurements.merge()
  }

  #alone(row: OwnRow): void {
    this.#measurements.unmapped(`${row.metric} component`, row.startMs, row.place)
  }

  /** The row, or why it is none. */
  #row(cells: readonly string[], place: Place): OwnRow | string {
    const metric = metricById(this.#cell(cells, 'metric'))
    if (!metric) return 'its metric is not in the catalogue'
    const hasOriginal = this.#cell(cells, 'original_value') !== ''
    const prefix = hasOriginal && !this.#cell(cells, 'flags').split(';').includes('edited') ? 'original_' : ''
    const unit = acceptedUnit(metric, this.#cell(cells, `${prefix}unit`))
    if (!unit) return `its unit is none of ${metric.id}`
    const start = instantOf(this.#cell(cells, 'start'))
    const end = instantOf(this.#cell(cells, 'end'))
    if (!start || !end) return 'its date cannot be read'
    return {
      id: this.#cell(cells, 'id'),
      metric: metric.id,
      component: this.#cell(cells, 'component'),
      value: Number(this.#cell(cells, `${prefix}value`) || Number.NaN),
      unit: unit.ucum,
      startMs: start.ms,
      durationMs: end.ms - start.ms,
      offsetMin: start.offsetMin,
      source: this.#source(this.#text(cells, 'source_app'), this.#text(cells, 'source_device')),
      extra: this.#extra(cells),
      place,
    }
  }

  #extra(cells: readonly string[]): Extra {
    const [note, context, zone] = [
      this.#text(cells, 'note'),
      this.#text(cells, 'context'),
      this.#text(cells, 'zone'),
    ]
    const tags = this.#cell(cells, 'tags') === '' ? [] : listed(this.#cell(cells, 'tags'))
    return {
      ...(note === '' ? {} : { note }),
      ...(context === '' ? {} : { context }),
      ...(zone === '' ? {} : { zone }),
      ...(tags.length === 0 ? {} : { tags }),
    }
  }

  #source(app: string, device: string): Source {
    const key = `${app}\0${device}`
    let source = this.#sources.get(key)
    if (!source) {
      // A manual entry read from a file is an imported one: its random key is not in the table.
      const name = app === 'manual' ? 'HealthMate CSV' : app
      source = { app: name, device, deviceClass: deviceClassOf(device, name) }
      if (this.#sources.size < maxSources) this.#sources.set(key, source)
    }
    return source
  }

  #cell(cells: readonly string[], name: string): string {
    const column = this.#columns.get(name)
    return column === undefined ? '' : (cells[column] ?? '')
  }

  #text(cells: readonly string[], name: string): string {
    return unescaped(unguarded(this.#cell(cells, name)))
  }
}

function instantOf(text: string): { readonly ms: number; readonly offsetMin: number } | undefined {
  const time = readWallTime(text)
  if (!time || time.offsetMin === null) return undefined
  return { ms: time.wallMs - time.offsetMin * minuteMs, offsetMin: time.offsetMin }
}

function unguarded(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell
}

/** `\\uXXXX` is that UTF-16 unit, any other `\\x` is `x`. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g,
    (_, unit: string | undefined, other: string | undefined) =>
      unit === undefined ? (other ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

/** Entries between the `;` that have no backslash before them. */
function listed(cell: string): string[] {
  const entries = unguarded(cell).match(/(?:\\[\s\S]|[^;\\])+/g) ?? []
  return entries.map(unescaped)
}
