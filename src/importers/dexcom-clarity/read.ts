/** Rows of a Clarity export and what they become. Every row below the header is one source record. */
import { minuteMs } from '../../foundation/index.ts'
import { normaliseSource, type Source } from '../../records/index.ts'
import { overflowReason, overflows, rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { eitherNumber } from '../delimited/number.ts'
import { censoredNote, glucoseUnitIn, glucoseUnitQuestion, statedGlucoseUnit } from '../glucose-unit.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { readWallTime } from '../wall-time.ts'
import { TransmitterClock } from './clock.ts'

const app = 'Dexcom Clarity'

interface Columns {
  readonly time: number
  readonly type: number
  readonly subtype: number
  readonly deviceInfo: number
  readonly deviceId: number
  readonly glucose: number
  readonly glucoseHeader: string
  readonly insulin: number
  readonly carbs: number
  readonly duration: number
  readonly rate: number
  readonly elapsed: number
  readonly transmitter: number
  /** Cells of the header. */
  readonly width: number
}

/** The columns of a header row; undefined for any other row. */
export function findColumns(cells: readonly string[]): Columns | undefined {
  const at = (pattern: RegExp) => cells.findIndex((cell) => pattern.test(cell.trim()))
  const time = at(/^timestamp\b/i)
  const type = at(/^event type$/i)
  const glucose = at(/^glucose value\b/i)
  if (time < 0 || type < 0 || glucose < 0) return undefined
  return {
    width: cells.length,
    time,
    type,
    glucose,
    glucoseHeader: cells[glucose] as string,
    subtype: at(/^event subtype$/i),
    deviceInfo: at(/^device info$/i),
    deviceId: at(/^source device id$/i),
    insulin: at(/^insulin value\b/i),
    carbs: at(/^carb value\b/i),
    duration: at(/^duration\b/i),
    rate: at(/^glucose rate of change\b/i),
    elapsed: at(/^transmitter time\b/i),
    transmitter: at(/^transmitter id$/i),
  }
}

export async function readClarity(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let reader: ClarityReader | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (cells.length === 1 && cells[0] === '') return
    if (reader) {
      reader.take(cells, {
        where: () => `${label}:${line}`,
        raw: () => rowText(cells, delimiter),
      })
      return
    }
    const columns = findColumns(cells)
    if (columns) reader = new ClarityReader(intake, columns)
  })
}

class ClarityReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #columns: Columns
  readonly #clock: TransmitterClock
  readonly #glucoseUnit: 'mg/dL' | 'mmol/L' | undefined
  /** `Device Info` by `Source Device ID`, from the rows that name the devices. */
  readonly #models = new Map<string, string>()
  readonly #sources = new Map<string, Source>()

  constructor(intake: Intake, columns: Columns) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#columns = columns
    this.#clock = new TransmitterClock(intake.zone())
    this.#glucoseUnit = glucoseUnitIn(columns.glucoseHeader) ?? statedGlucoseUnit(intake.unit('cgm_glucose'))
  }

  take(cells: readonly string[], place: Place): void {
    const columns = this.#columns
    if (overflows(cells, columns.width)) {
      this.#measurements.refuse(overflowReason, place)
      return
    }
    const type = cellAt(cells, columns.type)
    const deviceId = cellAt(cells, columns.deviceId)
    const timeText = cellAt(cells, columns.time)
    if (timeText === '') {
      const model = cellAt(cells, columns.deviceInfo)
      if (type === 'Device' && model !== '') this.#models.set(deviceId, model)
      this.#measurements.unmapped(`Dexcom ${type || 'row'}`, null, place)
      return
    }
    const time = readWallTime(timeText)
    if (!time) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    this.#clock.place(
      time.wallMs,
      cellAt(cells, columns.transmitter),
      eitherNumber(cellAt(cells, columns.elapsed)),
    )
    if (this.#clock.isShifted) {
      this.#intake.note('the display showed the time of another zone than the one taken; its own was kept')
    }
    this.#event(type, cells, this.#source(deviceId), place)
  }

  #event(type: string, cells: readonly string[], source: Source, place: Place): void {
    const columns = this.#columns
    const subtype = cellAt(cells, columns.subtype)
    if (type === 'EGV') this.#glucose('cgm_glucose', cells, source, place)
    else if (type === 'Calibration') this.#glucose('glucose', cells, source, place)
    else if (type === 'Insulin') this.#add('insulin_dose', '[IU]', columns.insulin, cells, source, place)
    else if (type === 'Carbs') this.#add('carbohydrates', 'g', columns.carbs, cells, source, place)
    else if (type === 'Exercise' && cellAt(cells, columns.duration) !== '')
      this.#exercise(subtype, cells, source, place)
    else
      this.#measurements.unmapped(
        `Dexcom ${[type, subtype].filter((part) => part !== '').join(' ') || 'row'}`,
        this.#clock.instantMs,
        place,
      )
  }

  #glucose(metric: string, cells: readonly string[], source: Source, place: Place): void {
    const text = cellAt(cells, this.#columns.glucose)
    if (Number.isNaN(eitherNumber(text))) {
      // "Low" and "High", in the language of the account.
      this.#intake.note(censoredNote)
      const type = cellAt(cells, this.#columns.type)
      this.#measurements.unmapped(
        `Dexcom ${type} ${text || 'without value'}`.slice(0, 60),
        this.#clock.instantMs,
        place,
      )
    } else if (!this.#glucoseUnit)
      this.#measurements.refuse(glucoseUnitQuestion('cgm_glucose'), place, 'UNIT')
    else this.#add(metric, this.#glucoseUnit, this.#columns.glucose, cells, source, place)
  }

  #add(
    metric: string,
    unit: string,
    column: number,
    cells: readonly string[],
    source: Source,
    place: Place,
  ): void {
    const subtype = cellAt(cells, this.#columns.subtype)
    const rate = cellAt(cells, this.#columns.rate)
    const meta = {
      ...(subtype === '' ? {} : { subtype }),
      ...(rate === '' ? {} : { rateOfChange: rate }),
      ...(metric === 'glucose' ? { event: 'calibration' } : {}),
    }
    this.#measurements.take(
      {
        metric,
        unit,
        source,
        startMs: this.#clock.instantMs,
        offsetMin: this.#clock.offsetMin,
        value: eitherNumber(cellAt(cells, column)),
        ...(Object.keys(meta).length === 0 ? {} : { extra: { meta } }),
      },
      place,
    )
  }

  #exercise(subtype: string, cells: readonly string[], source: Source, place: Place): void {
    const minutes = durationMinutes(cellAt(cells, this.#columns.duration))
    const durationMs = Number.isNaN(minutes) ? 0 : minutes * minuteMs
    this.#measurements.take(
      {
        metric: 'workout',
        unit: 'min',
        source,
        startMs: this.#clock.instantMs,
        durationMs,
        offsetMin: this.#clock.offsetMin,
        value: minutes,
        ...(subtype === '' ? {} : { extra: { meta: { intensity: subtype } } }),
      },
      place,
    )
  }

  #source(deviceId: string): Source {
    let source = this.#sources.get(deviceId)
    if (!source) {
      source = normaliseSource({ name: app, device: this.#models.get(deviceId) ?? '' })
      this.#sources.set(deviceId, source)
    }
    return source
  }
}

/** Minutes of `hh:mm:ss`; NaN for anything else. */
function durationMinutes(text: string): number {
  const match = /^(\d{1,3}):(\d{2}):(\d{2})$/.exec(text)
  return match ? Number(match[1]) * 60 + Number(match[2]) + Number(match[3]) / 60 : Number.NaN
}

function cellAt(cells: readonly string[], column: number): string {
  return column < 0 ? '' : (cells[column] ?? '').trim()
}
