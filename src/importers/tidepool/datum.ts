/**
 * Data of Tidepool's model (developer.tidepool.org/data-model) and what they become. `time` is UTC; the offset is the
 * datum's own. Readings out of the device's range carry an annotation with a threshold instead of a value: no numbers.
 * Basal rates are rates, not doses, and are kept raw.
 */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'
import { type Extra, normaliseSource, type Source, withRecordVersion } from '../../records/index.ts'
import { censoredNote, glucoseUnitIn, glucoseUnitQuestion, statedGlucoseUnit } from '../glucose-unit.ts'
import type { Intake } from '../intake.ts'
import { isObject, type JsonObject, listAt, numberAt, own, textAt } from '../json/member-values.ts'
import { Measurements, type Place } from '../measurements.ts'
import { readWallTime } from '../wall-time.ts'

const app = 'Tidepool'
const maxSources = 1000
const maxOffsetMin = 18 * 60
const minutesByUnit: Readonly<Record<string, number>> = { seconds: 1 / 60, minutes: 1, hours: 60, days: 1440 }

interface Moment {
  readonly startMs: number
  readonly offsetMin: number
}

export class DatumReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #sources = new Map<string, Source>()
  #zone: ZoneOffsets | undefined

  constructor(intake: Intake) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
  }

  take(value: unknown, place: Place): void {
    if (!isObject(value)) {
      this.#measurements.refuse('it is no datum of Tidepool', place, 'REFUSED_INPUT')
      return
    }
    const type = textAt(value, 'type') || 'datum'
    const moment = this.#moment(value)
    const take = moment && Object.hasOwn(this.#takers, type) ? this.#takers[type] : undefined
    if (take && moment) take(value, moment, place)
    else if (!moment && Object.hasOwn(this.#takers, type)) {
      this.#measurements.refuse('its time cannot be read', place, 'DATE')
    } else this.#measurements.unmapped(`Tidepool ${type}`.slice(0, 60), moment?.startMs ?? null, place)
  }

  readonly #takers: Readonly<Record<string, (value: JsonObject, moment: Moment, place: Place) => void>> = {
    cbg: (value, moment, place) => this.#glucose('cgm_glucose', value, moment, place),
    smbg: (value, moment, place) => this.#glucose('glucose', value, moment, place),
    bloodKetone: (value, moment, place) => this.#glucose('ketones', value, moment, place),
    bolus: (value, moment, place) => this.#bolus(value, moment, place),
    insulin: (value, moment, place) => this.#pen(value, moment, place),
    wizard: (value, moment, place) => this.#wizard(value, moment, place),
    food: (value, moment, place) => this.#food(value, moment, place),
    physicalActivity: (value, moment, place) => this.#activity(value, moment, place),
  }

  #glucose(metric: string, value: JsonObject, moment: Moment, place: Place): void {
    const outOfRange = listAt(value, 'annotations').find((one) => textAt(one, 'code') === 'bg/out-of-range')
    const reading = numberAt(value, 'value')
    if (outOfRange !== undefined || Number.isNaN(reading)) {
      this.#intake.note(censoredNote)
      const side = textAt(outOfRange, 'value')
      this.#measurements.unmapped(
        `Tidepool ${metric} out of range ${side}`.trim().slice(0, 60),
        moment.startMs,
        place,
      )
      return
    }
    const unit = glucoseUnitIn(textAt(value, 'units')) ?? statedGlucoseUnit(this.#intake.unit(metric))
    if (!unit) this.#measurements.refuse(glucoseUnitQuestion(metric), place, 'UNIT')
    else {
      const subType = textAt(value, 'subType')
      this.#add(metric, unit, reading, value, moment, place, subType === '' ? {} : { meta: { subType } })
    }
  }

  /** What was given at once and what was given over time are a dose each. */
  #bolus(value: JsonObject, moment: Moment, place: Place): void {
    const subType = textAt(value, 'subType')
    const extra: Extra = subType === '' ? {} : { meta: { subType } }
    const normal = numberAt(value, 'normal')
    const extended = numberAt(value, 'extended')
    let doses = 0
    if (normal > 0) {
      doses++
      this.#add('insulin_dose', '[IU]', normal, value, moment, place, extra)
    }
    if (extended > 0) {
      doses++
      const minutes = numberAt(value, 'durationMin')
      const durationMs = Number.isNaN(minutes) ? numberAt(value, 'duration') : minutes * minuteMs
      this.#add('insulin_dose', '[IU]', extended, value, moment, place, extra, durationMs || 0)
    }
    if (doses === 0) this.#measurements.unmapped('Tidepool bolus without dose', moment.startMs, place)
  }

  #pen(value: JsonObject, moment: Moment, place: Place): void {
    const dose = own(value, 'dose')
    const total = numberAt(dose, 'total')
    if (total > 0 && /^units$/i.test(textAt(dose, 'units') || 'units')) {
      this.#add('insulin_dose', '[IU]', total, value, moment, place)
    } else this.#measurements.unmapped('Tidepool insulin', moment.startMs, place)
  }

  #wizard(value: JsonObject, moment: Moment, place: Place): void {
    const carbs = numberAt(value, 'carbInput')
    const isGrams = !/exchange/i.test(textAt(value, 'carbUnits'))
    if (carbs > 0 && isGrams)
      this.#add('carbohydrates', 'g', carbs, value, moment, place, { meta: { type: 'wizard' } })
    else this.#measurements.unmapped('Tidepool wizard', moment.startMs, place)
  }

  #food(value: JsonObject, moment: Moment, place: Place): void {
    const carbohydrate = own(own(value, 'nutrition'), 'carbohydrate')
    const net = numberAt(carbohydrate, 'net')
    const name = textAt(value, 'name')
    if (!Number.isNaN(net) && /^grams$/i.test(textAt(carbohydrate, 'units'))) {
      this.#add('carbohydrates', 'g', net, value, moment, place, name === '' ? {} : { note: name })
    } else this.#measurements.unmapped('Tidepool food', moment.startMs, place)
  }

  #activity(value: JsonObject, moment: Moment, place: Place): void {
    const duration = own(value, 'duration')
    // Sheets hold days.
    const perUnit =
      typeof duration === 'number' ? 1440 : (minutesByUnit[textAt(duration, 'units')] ?? Number.NaN)
    const stated = typeof duration === 'number' ? duration : numberAt(duration, 'value')
    const minutes = stated * perUnit
    if (!(minutes > 0)) {
      this.#measurements.unmapped('Tidepool physicalActivity', moment.startMs, place)
      return
    }
    const meta = Object.fromEntries(
      ['name', 'distance', 'energy', 'reportedIntensity'].flatMap((key) => {
        const fact = own(value, key)
        return fact === undefined ? [] : [[key, typeof fact === 'string' ? fact : JSON.stringify(fact)]]
      }),
    )
    const extra: Extra = Object.keys(meta).length === 0 ? {} : { meta }
    this.#add('workout', 'min', minutes, value, moment, place, extra, minutes * minuteMs)
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
    const source = this.#source(textAt(value, 'deviceId'))
    const versioned = metric === 'cgm_glucose' ? extra : withVersion(extra, value)
    this.#measurements.take(
      { metric, unit, source, durationMs, value: reading, extra: versioned, ...moment },
      place,
    )
  }

  #moment(value: JsonObject): Moment | undefined {
    const time = readWallTime(textAt(value, 'time'))
    if (!time) return undefined
    // Sheets leave the Z away.
    const startMs = time.wallMs - (time.offsetMin ?? 0) * minuteMs
    const stated = numberAt(value, 'timezoneOffset')
    const isStated = Math.abs(stated) <= maxOffsetMin && this.#intake.options.zone === undefined
    return { startMs, offsetMin: isStated ? stated : this.#offsets().at(startMs) }
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

/** What a person or an app can change says when it did; readings of sensors do not change. */
function withVersion(extra: Extra, value: JsonObject): Extra {
  const changed = readWallTime(textAt(value, 'modifiedTime'))
  if (!changed) return extra
  return withRecordVersion(extra, textAt(value, 'id'), changed.wallMs - (changed.offsetMin ?? 0) * minuteMs)
}
