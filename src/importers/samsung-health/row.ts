/** A row of a Samsung Health table: cells by column without the prefix, times in UTC beside an offset. */

import { dayMs, minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { type Extra, withRecordVersion } from '../../records/index.ts'
import { cellNumber } from '../delimited/number.ts'
import { type DaySpan, localDaySpan } from '../local-days.ts'
import { readWallTime } from '../wall-time.ts'

const epochMs = /^-?\d{11,14}$/
const offsetText = /^(?:UTC|GMT)([+-])(\d{1,2}):?(\d{2})?$/i
const maxOffsetMin = 18 * 60
const halfDayMs = dayMs / 2
/** Characters of a row's random id that tell it from others of the same metric and start. */
const idLength = 12

/** Where the columns of a table stand: `com.samsung.health.weight.start_time` is `start_time`. */
export class Columns {
  readonly titles: readonly string[]
  readonly #byName = new Map<string, number[]>()

  constructor(header: readonly string[]) {
    this.titles = header.map((title) => title.trim())
    for (const [index, title] of this.titles.entries()) {
      const name = title.slice(title.lastIndexOf('.') + 1)
      const known = this.#byName.get(name)
      if (known) known.push(index)
      else this.#byName.set(name, [index])
    }
  }

  /** Of a name with and without prefix the first cell that says something. */
  cell(cells: readonly string[], name: string): string {
    for (const index of this.#byName.get(name) ?? []) {
      const cell = (cells[index] ?? '').trim()
      if (cell !== '') return cell
    }
    return ''
  }
}

export class SamsungRow {
  readonly #columns: Columns
  readonly #cells: readonly string[]

  constructor(columns: Columns, cells: readonly string[]) {
    this.#columns = columns
    this.#cells = cells
  }

  text(name: string): string {
    return this.#columns.cell(this.#cells, name)
  }

  /** NaN for no number and for −1, Samsung's "none". */
  number(name: string): number {
    const number = cellNumber(this.text(name))
    return number === -1 ? Number.NaN : number
  }

  /** Instant (ms) of a time in UTC, as text or as epoch ms; NaN when it is none. */
  instant(name: string): number {
    const text = this.text(name)
    if (epochMs.test(text)) return Number(text)
    const read = readWallTime(text)
    return read === undefined ? Number.NaN : read.wallMs - (read.offsetMin ?? 0) * minuteMs
  }

  /** The offset that the row states, `UTC+0100` or ms; NaN where it states none. */
  get statedOffsetMin(): number {
    const text = this.text('time_offset')
    const match = offsetText.exec(text)
    const minutes = match
      ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0))
      : cellNumber(text) / minuteMs
    return Math.abs(minutes) <= maxOffsetMin ? minutes : Number.NaN
  }

  /**
   * The local day of `day_time`: its date as text; epoch ms of UTC midnight of that date, or of local midnight.
   */
  day(zone: ZoneOffsets): DaySpan | undefined {
    const text = this.text('day_time')
    if (!epochMs.test(text)) return localDaySpan(text, zone)
    const ms = Number(text)
    const dateMs = ms % dayMs === 0 ? ms : ms + halfDayMs + zone.at(ms) * minuteMs
    return localDaySpan(new Date(dateMs).toISOString().slice(0, 10), zone)
  }

  /** An extra with the version of the row, where it says which it is: by its id unless another name is given. */
  versioned(extra: Extra, name?: string): Extra {
    const id = name ?? this.text('datauuid').replaceAll('-', '').slice(0, idLength)
    return id === '' ? extra : withRecordVersion(extra, id, this.instant('update_time'))
  }

  /** The cells that say something, by title. */
  get json(): string {
    const said = this.#columns.titles.flatMap((title, index): [string, string][] => {
      const cell = (this.#cells[index] ?? '').trim()
      return title === '' || cell === '' ? [] : [[title, cell]]
    })
    return JSON.stringify(Object.fromEntries(said))
  }
}
