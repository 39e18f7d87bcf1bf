/**
 * Rows of a LibreView export and what they become. The header is translated in other account languages, the order of its
 * columns is not: it is recognised by the units in the columns of glucose, and columns are taken by their place.
 *
 * A row is one source record; insulin of both kinds in one row are two.
 */

import type { ZoneOffsets } from '../../foundation/index.ts'
import { normaliseSource, type Source } from '../../records/index.ts'
import { DateOrderGate, dateOrderQuestion } from '../date-order.ts'
import { overflowReason, overflows, rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { eitherNumber } from '../delimited/number.ts'
import { censoredNote, type GlucoseUnit, glucoseUnitIn } from '../glucose-unit.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { type DateOrder, readWallTime } from '../wall-time.ts'

const app = 'LibreView'
const leastColumns = 14

const column = {
  device: 0,
  time: 2,
  type: 3,
  historic: 4,
  scan: 5,
  rapidWord: 6,
  rapid: 7,
  foodWord: 8,
  carbs: 9,
  servings: 10,
  longWord: 11,
  long: 12,
  notes: 13,
  strip: 14,
  ketone: 15,
  meal: 16,
  correction: 17,
  userChange: 18,
} as const

interface Units {
  /** Cells of the header. */
  readonly width: number
  readonly glucose: GlucoseUnit
  readonly ketone: GlucoseUnit
}

/** The units in a header row; undefined for any other row. */
export function findColumns(cells: readonly string[]): Units | undefined {
  if (cells.length < leastColumns) return undefined
  const historic = glucoseUnitIn(cells[column.historic] as string)
  const scan = glucoseUnitIn(cells[column.scan] as string)
  if (historic === undefined || historic !== scan) return undefined
  return {
    width: cells.length,
    glucose: historic,
    ketone: glucoseUnitIn(cells[column.ketone] ?? '') ?? 'mmol/L',
  }
}

interface Row {
  readonly cells: readonly string[]
  readonly line: number
  readonly delimiter: string
}

export async function readLibreView(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let reader: LibreReader | undefined
  const titles: string[] = []
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (cells.length === 1 && cells[0] === '') return
    if (reader) {
      reader.gate.push({ cells, line, delimiter })
      return
    }
    const units = findColumns(cells)
    if (!units) titles.push(...cells)
    else {
      reader = new LibreReader(intake, units, label)
      // The title line tells when the file was made, in the same order of day and month.
      for (const text of titles) reader.gate.learn(text.replace(/ UTC$/, ''))
    }
  })
  if (!intake.interrupted) reader?.gate.end()
}

class LibreReader {
  readonly gate: DateOrderGate<Row>
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #units: Units
  readonly #zone: ZoneOffsets
  readonly #label: string
  readonly #sources = new Map<string, Source>()
  #startMs = 0
  #offsetMin = 0

  constructor(intake: Intake, units: Units, label: string) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#units = units
    this.#zone = intake.zone()
    this.#label = label
    this.gate = new DateOrderGate(intake.options.dateOrder, {
      dateOf: ({ cells }) => cells[column.time] ?? '',
      take: (row, order) => this.#take(row, order),
      refuse: (row) => this.#measurements.refuse(dateOrderQuestion, this.#place(row), 'DATE'),
    })
  }

  #place({ cells, line, delimiter }: Row): Place {
    return { where: () => `${this.#label}:${line}`, raw: () => rowText(cells, delimiter) }
  }

  #take(row: Row, order: DateOrder | undefined): void {
    const place = this.#place(row)
    if (overflows(row.cells, this.#units.width)) {
      this.#measurements.refuse(overflowReason, place)
      return
    }
    const time = readWallTime(row.cells[column.time] ?? '', order)
    if (!time) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    this.#startMs = this.#zone.instantOf(time.wallMs)
    this.#offsetMin = this.#zone.at(this.#startMs)
    this.#record(row.cells, place)
  }

  #record(cells: readonly string[], place: Place): void {
    const type = cellAt(cells, column.type)
    const { glucose, ketone } = this.#units
    if (type === '0') this.#add('cgm_glucose', glucose, column.historic, cells, place)
    else if (type === '1') this.#add('cgm_glucose', glucose, column.scan, cells, place, { record: 'scan' })
    else if (type === '2') this.#add('glucose', glucose, column.strip, cells, place)
    else if (type === '3') this.#add('ketones', ketone, column.ketone, cells, place)
    else if (type === '4') this.#insulin(cells, place)
    else if (type === '5' && cellAt(cells, column.carbs) !== '')
      this.#add('carbohydrates', 'g', column.carbs, cells, place)
    else
      this.#measurements.unmapped(
        `LibreView record type ${type || 'missing'}`.slice(0, 60),
        this.#startMs,
        place,
      )
  }

  #insulin(cells: readonly string[], place: Place): void {
    const parts = [
      ['meal', cellAt(cells, column.meal)],
      ['correction', cellAt(cells, column.correction)],
      ['userChange', cellAt(cells, column.userChange)],
    ].filter(([, text]) => text !== '')
    const rapid = cellAt(cells, column.rapid)
    const long = cellAt(cells, column.long)
    if (rapid !== '')
      this.#add('insulin_dose', '[IU]', column.rapid, cells, place, {
        insulin: 'rapid-acting',
        ...Object.fromEntries(parts),
      })
    if (long !== '') this.#add('insulin_dose', '[IU]', column.long, cells, place, { insulin: 'long-acting' })
    if (rapid === '' && long === '')
      this.#measurements.unmapped('LibreView insulin without number', this.#startMs, place)
  }

  #add(
    metric: string,
    unit: string,
    at: number,
    cells: readonly string[],
    place: Place,
    meta: Readonly<Record<string, string>> = {},
  ): void {
    const text = cellAt(cells, at)
    const value = eitherNumber(text)
    if (Number.isNaN(value)) {
      this.#intake.note(censoredNote)
      this.#measurements.unmapped(
        `LibreView ${metric} ${text || 'without value'}`.slice(0, 60),
        this.#startMs,
        place,
      )
      return
    }
    const note = cellAt(cells, column.notes)
    const extra = {
      ...(note === '' ? {} : { note }),
      ...(Object.keys(meta).length === 0 ? {} : { meta }),
    }
    const source = this.#source(cellAt(cells, column.device))
    this.#measurements.take(
      { metric, unit, source, startMs: this.#startMs, offsetMin: this.#offsetMin, value, extra },
      place,
    )
  }

  #source(device: string): Source {
    let source = this.#sources.get(device)
    if (!source) {
      source = normaliseSource({ name: app, device })
      if (this.#sources.size < 1000) this.#sources.set(device, source)
    }
    return source
  }
}

function cellAt(cells: readonly string[], at: number): string {
  return (cells[at] ?? '').trim()
}
