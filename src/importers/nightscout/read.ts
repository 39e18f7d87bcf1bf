/**
 * Documents of Nightscout's collections and what they become.
 *
 * Sensor glucose (`sgv`) and meter glucose (`mbg`) are in mg/dL whatever the site shows; a `glucose` of a treatment is in
 * its `units`. Below 39 a sensor writes error codes, 39 and 401 stand for "low" and "high" (lib/client, lib/plugins/
 * errorcodes.js): no numbers. Instants are epoch milliseconds or ISO 8601.
 */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { type Extra, normaliseSource, type Source, withRecordVersion } from '../../records/index.ts'
import { censoredNote, glucoseUnitIn, glucoseUnitQuestion, statedGlucoseUnit } from '../glucose-unit.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { isObject, type JsonObject, numberAt, own, readValues, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'

const app = 'Nightscout'
const lowestReading = 40
const highestReading = 400
const maxOffsetMin = 18 * 60
const maxSources = 1000

interface Moment {
  readonly startMs: number
  readonly offsetMin: number
}

export async function readNightscout(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const reader = new DocumentReader(intake)
  await readValues(member, intake, totalBytes, (value, where) => {
    // API version 3 wraps its documents.
    const wrapped = own(value, 'result')
    if (Array.isArray(wrapped) && textAt(value, 'eventType') === '') {
      for (const [index, document] of wrapped.entries()) reader.take(document, `${where}#/result/${index}`)
    } else reader.take(value, where)
  })
}

class DocumentReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #sources = new Map<string, Source>()
  #zone: ZoneOffsets | undefined

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
  }

  take(value: unknown, where: string): void {
    const place = jsonPlace(value, where)
    if (!isObject(value)) {
      this.#measurements.refuse('it is no document of Nightscout', place, 'REFUSED_INPUT')
      return
    }
    const moment = this.#moment(value)
    const kind = textAt(value, 'type') || textAt(value, 'eventType') || 'document'
    if (own(value, 'isValid') === false) {
      // A document that its app has deleted.
      this.#measurements.unmapped('Nightscout deleted document', moment?.startMs ?? null, place)
    } else if (own(value, 'sgv') !== undefined || own(value, 'mbg') !== undefined)
      this.#entry(value, moment, place)
    else if (textAt(value, 'eventType') !== '') this.#treatment(value, moment, place)
    else this.#measurements.unmapped(`Nightscout ${kind}`.slice(0, 60), moment?.startMs ?? null, place)
  }

  #entry(value: JsonObject, moment: Moment | undefined, place: Place): void {
    if (!moment) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    const isSensor = own(value, 'sgv') !== undefined
    const reading = numberOf(value, isSensor ? 'sgv' : 'mbg')
    if (Number.isNaN(reading) || (isSensor && (reading < lowestReading || reading > highestReading))) {
      this.#intake.note(censoredNote)
      this.#measurements.unmapped(
        Number.isNaN(reading) || reading >= lowestReading - 1
          ? 'Nightscout reading out of range'
          : 'Nightscout sensor error',
        moment.startMs,
        place,
      )
      return
    }
    const direction = textAt(value, 'direction')
    this.#add(isSensor ? 'cgm_glucose' : 'glucose', 'mg/dL', reading, value, moment, place, {
      ...(direction === '' || direction === 'NONE' ? {} : { meta: { direction } }),
    })
  }

  /** Insulin, carbohydrates, a meter reading and exercise in one treatment are a source record each. */
  #treatment(value: JsonObject, moment: Moment | undefined, place: Place): void {
    if (!moment) {
      this.#measurements.refuse('its date cannot be read', place, 'DATE')
      return
    }
    const eventType = textAt(value, 'eventType')
    const notes = textAt(value, 'notes')
    const said: Extra = { ...(notes === '' ? {} : { note: notes }), meta: { eventType } }
    const id = textAt(value, 'identifier') || textAt(value, '_id')
    const extra = withRecordVersion(said, id, numberOf(value, 'srvModified'))
    let values = 0
    const insulin = numberOf(value, 'insulin')
    if (insulin > 0) {
      values++
      this.#add('insulin_dose', '[IU]', insulin, value, moment, place, extra)
    }
    const carbs = numberOf(value, 'carbs')
    if (carbs > 0) {
      values++
      this.#add('carbohydrates', 'g', carbs, value, moment, place, extra)
    }
    if (own(value, 'glucose') !== undefined && own(value, 'glucose') !== '') {
      values++
      this.#glucose(value, moment, place, extra)
    }
    const minutes = numberOf(value, 'duration')
    if (eventType === 'Exercise' && minutes > 0) {
      values++
      this.#add('workout', 'min', minutes, value, moment, place, extra, minutes * minuteMs)
    }
    if (values === 0)
      this.#measurements.unmapped(`Nightscout ${eventType}`.slice(0, 60), moment.startMs, place)
  }

  #glucose(value: JsonObject, moment: Moment, place: Place, extra: Extra): void {
    const metric = textAt(value, 'glucoseType') === 'Sensor' ? 'cgm_glucose' : 'glucose'
    const unit = glucoseUnitIn(textAt(value, 'units')) ?? statedGlucoseUnit(this.#intake.unit(metric))
    const reading = numberOf(value, 'glucose')
    if (Number.isNaN(reading)) {
      this.#intake.note(censoredNote)
      this.#measurements.unmapped('Nightscout glucose without number', moment.startMs, place)
    } else if (!unit) this.#measurements.refuse(glucoseUnitQuestion(metric), place, 'UNIT')
    else this.#add(metric, unit, reading, value, moment, place, extra)
  }

  #add(
    metric: string,
    unit: string,
    reading: number,
    value: JsonObject,
    moment: Moment,
    place: Place,
    extra: Extra = {},
    durationMs = 0,
  ): void {
    const source = this.#source(textAt(value, 'device'))
    this.#measurements.take({ metric, unit, source, ...moment, durationMs, value: reading, extra }, place)
  }

  #moment(value: JsonObject): Moment | undefined {
    const written = textAt(value, 'dateString') || textAt(value, 'created_at') || textAt(value, 'sysTime')
    const time = written === '' ? undefined : readWallTime(written)
    const mills = [numberOf(value, 'date'), numberOf(value, 'mills')].find((number) => number > 0)
    const stated = numberOf(value, 'utcOffset')
    if (mills !== undefined) {
      const ms = Math.round(mills)
      const own = Math.abs(stated) <= maxOffsetMin && stated !== 0 ? stated : (time?.offsetMin ?? 0)
      return { startMs: ms, offsetMin: this.#offsetAt(ms, own) }
    }
    if (!time) return undefined
    const offsetMin = time.offsetMin
    if (offsetMin === null) {
      const ms = this.#offsets().instantOf(time.wallMs)
      return { startMs: ms, offsetMin: this.#offsets().at(ms) }
    }
    const ms = time.wallMs - offsetMin * minuteMs
    return { startMs: ms, offsetMin: this.#offsetAt(ms, offsetMin) }
  }

  /** UTC is how servers write any time: it says nothing about where the person was. */
  #offsetAt(ms: number, own: number): number {
    return own !== 0 && this.#intake.options.zone === undefined ? own : this.#offsets().at(ms)
  }

  #offsets(): ZoneOffsets {
    this.#zone ??= this.#intake.zone()
    return this.#zone
  }

  #source(device: string): Source {
    let source = this.#sources.get(device)
    if (!source) {
      source = normaliseSource({ name: app, device })
      if (this.#sources.size < maxSources) this.#sources.set(device, source)
    }
    return source
  }
}

/** A number, also where an uploader wrote it as text. */
function numberOf(value: JsonObject, key: string): number {
  const number = numberAt(value, key)
  const text = textAt(value, key)
  return Number.isNaN(number) && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : number
}
