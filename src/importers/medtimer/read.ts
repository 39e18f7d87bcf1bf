/**
 * MedTimer's backup: `{medicines: {version, list}, events: {version, list}, settings}` (older ones hold one of the two
 * lists alone). A medicine becomes a medication with a schedule for each reminder; an event that was taken or skipped
 * becomes a dose event; events that were only raised or deleted are kept raw. The same event in backup and CSV is one.
 */
import { formatDay, formatInstant } from '../../foundation/index.ts'
import { type EntityType, stableEntityId } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { statedFields } from '../entity-fields.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { isObject, listAt, numberAt, own, readValues, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { readWallTime } from '../wall-time.ts'

const system = 'medtimer'
/** Columns of the CSV; their names are translated, but for the ending of the last two. */
const column = { name: 1, amount: 2, tags: 4, notes: 6, reminded: 7, taken: 8 } as const
const isoEnding = /\(ISO 8601\)$/
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export function isEventHeader(cells: readonly string[]): boolean {
  return (
    isoEnding.test((cells[column.reminded] ?? '').trim()) &&
    isoEnding.test((cells[column.taken] ?? '').trim())
  )
}

export async function readBackup(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const reader = new BackupReader(intake)
  await readValues(member, intake, totalBytes, (value, where) => {
    if (!isObject(value)) {
      if (intake.begin(1)) intake.refuse(where, 'it is no backup of MedTimer', '', 'REFUSED_INPUT')
      return
    }
    const lists = [
      [listAt(own(value, 'medicines'), 'list'), '/medicines/list'],
      [listAt(own(value, 'events'), 'list'), '/events/list'],
      [listAt(value, 'list'), '/list'],
    ] as const
    for (const [list, path] of lists) {
      for (const [index, item] of list.entries())
        reader.take(item, jsonPlace(item, `${where}#${path}/${index}`))
    }
  })
}

class BackupReader {
  readonly #intake: Intake

  constructor(intake: Intake) {
    this.#intake = intake
  }

  take(item: unknown, place: Place): void {
    if (own(item, 'remindedTimestamp') !== undefined) this.#event(item, place)
    else this.#medicine(item, place)
  }

  #medicine(item: unknown, place: Place): void {
    if (!this.#intake.begin(1)) return
    const medicine = isObject(own(item, 'medicine')) ? own(item, 'medicine') : item
    const name = textAt(medicine, 'name') || textAt(medicine, 'medicineName')
    if (name === '') {
      this.#intake.refuse(place.where(), 'it has no name', place.raw())
      return
    }
    const id = stableEntityId(system, 'medication', name)
    const tags = listAt(item, 'tags').map((tag) => textAt(tag, 'name'))
    const stock = numberAt(medicine, 'amount')
    const expiry = numberAt(medicine, 'expirationDate')
    const reason = this.#intake.entity(
      'medication',
      id,
      statedFields({
        name,
        note: textAt(medicine, 'notes'),
        tags: tags.filter((tag) => tag !== ''),
        stock: stock > 0 ? stock : undefined,
        stock_unit: textAt(medicine, 'unit'),
        expires: expiry > 0 && expiry < 100_000 ? formatDay(expiry) : undefined,
      }),
      1,
      { source: { type: 'MedTimer medicine', where: place.where(), startMs: null, text: place.raw() } },
    )
    if (reason !== '') this.#intake.refuse(place.where(), reason, place.raw())
    else
      for (const [index, reminder] of listAt(item, 'reminders').entries())
        this.#schedule(name, id, reminder, index)
  }

  /** A reminder belongs to its medicine's record and is not counted by itself. */
  #schedule(medicine: string, medication: string, reminder: unknown, index: number): void {
    const minutes = numberAt(reminder, 'timeInMinutes')
    const days = listAt(reminder, 'days')
    const pause = numberAt(reminder, 'pauseDays')
    const consecutive = numberAt(reminder, 'consecutiveDays')
    const period = (key: string) => {
      const day = numberAt(reminder, key)
      return day > 0 && day < 100_000 ? formatDay(day) : undefined
    }
    const isInterval = numberAt(reminder, 'intervalStart') > 0
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    this.#intake.entity(
      'schedule',
      stableEntityId(system, 'schedule', medicine, String(index)),
      statedFields({
        medication,
        name: medicine,
        dose: textAt(reminder, 'amount').replace(/^\?$/, ''),
        time: !isInterval && minutes >= 0 && minutes < 1440 ? time : undefined,
        interval_minutes: isInterval && minutes > 0 ? minutes : undefined,
        weekdays: days.includes(false) ? weekdays.filter((_, day) => days[day] === true) : undefined,
        days_on: pause > 0 ? consecutive : undefined,
        days_off: pause > 0 ? pause : undefined,
        start: period('periodStart'),
        end: period('periodEnd'),
        active: own(reminder, 'active') === false ? false : undefined,
        note: textAt(reminder, 'instructions'),
      }),
      0,
    )
  }

  #event(item: unknown, place: Place): void {
    const status = textAt(item, 'status')
    const reminded = numberAt(item, 'remindedTimestamp')
    const processed = numberAt(item, 'processedTimestamp')
    takeEvent(this.#intake, place, {
      name: textAt(item, 'medicineName'),
      dose: textAt(item, 'amount'),
      status: status === 'TAKEN' ? 'completed' : status === 'SKIPPED' ? 'not-done' : '',
      remindedMs: reminded * 1000,
      takenMs: status === 'TAKEN' && processed > 0 ? processed * 1000 : Number.NaN,
      note: textAt(item, 'notes'),
      tags: listAt(item, 'tags').filter((tag) => typeof tag === 'string'),
    })
  }
}

export async function readEventTable(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let isBelow = false
  await readRows(
    member,
    intake,
    totalBytes,
    (cells, line, delimiter) => {
      if (!isBelow) {
        isBelow = isEventHeader(cells)
        return
      }
      if (cells.length === 1 && cells[0] === '') return
      const cell = (at: number) => (cells[at] ?? '').trim()
      const taken = instantOf(cell(column.taken))
      takeEvent(
        intake,
        { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) },
        {
          name: cell(column.name),
          dose: cell(column.amount),
          // What was not taken was skipped or only raised: the table does not say.
          status: Number.isNaN(taken) ? '' : 'completed',
          remindedMs: instantOf(cell(column.reminded)),
          takenMs: taken,
          note: cell(column.notes),
          tags: cell(column.tags)
            .split(', ')
            .filter((tag) => tag !== ''),
        },
      )
    },
    { delimiter: ';' },
  )
}

interface DoseEvent {
  readonly name: string
  readonly dose: string
  /** `completed`, `not-done` (FHIR event status), '' where nothing is known. */
  readonly status: string
  readonly remindedMs: number
  readonly takenMs: number
  readonly note: string
  readonly tags: readonly string[]
}

function takeEvent(intake: Intake, place: Place, event: DoseEvent): void {
  if (!intake.begin(1)) return
  const { name, remindedMs, takenMs, status } = event
  if (!(remindedMs > 0 && remindedMs < Date.UTC(2200, 0, 1)) || takenMs >= Date.UTC(2200, 0, 1)) {
    intake.refuse(place.where(), 'its date cannot be read', place.raw(), 'DATE')
    return
  }
  if (name === '' || status === '') {
    intake.unmapped('MedTimer event', place.where(), remindedMs, place.raw)
    return
  }
  if (intake.isSkipped(remindedMs)) {
    intake.skip(1)
    return
  }
  const zone = intake.zone()
  const written = (ms: number) => formatInstant(ms, zone.at(ms))
  const reason = intake.entity(
    'dose_event' satisfies EntityType,
    stableEntityId(system, 'event', name, String(remindedMs)),
    statedFields({
      name,
      medication: stableEntityId(system, 'medication', name),
      status,
      at: written(Number.isNaN(takenMs) ? remindedMs : takenMs),
      planned: written(remindedMs),
      dose: event.dose.replace(/^\?$/, ''),
      note: event.note,
      tags: event.tags,
    }),
  )
  if (reason !== '') intake.refuse(place.where(), reason, place.raw())
}

function instantOf(text: string): number {
  const time = readWallTime(text)
  return time && time.offsetMin !== null ? time.wallMs - time.offsetMin * 60_000 : Number.NaN
}
