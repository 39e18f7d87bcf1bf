/**
 * MediKeep's export: lists by kind under one object, or tables by kind in one CSV (`# VITALS`, a header, rows). What the
 * record has a place for becomes entities and observations; everything else is kept raw.
 */
import { type EntityFields, type EntityType, stableEntityId } from '../../records/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { statedFields } from '../entity-fields.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { isObject, type JsonObject, listAt, own, readValues, textAt } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { VitalsReader } from './vitals.ts'

const system = 'medikeep'
/** Lists that hold no records of the person's health. */
const beside = new Set(['export_metadata', 'patient_info'])

export async function readMediKeep(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const reader = new RecordReader(intake)
  await readValues(member, intake, totalBytes, (value, where) => {
    if (!isObject(value)) {
      if (intake.begin(1)) intake.refuse(where, 'it is no export of MediKeep', '', 'REFUSED_INPUT')
      return
    }
    reader.patient(own(value, 'patient_info'), `${where}#/patient_info`)
    for (const kind of Object.keys(value)) {
      if (beside.has(kind)) continue
      for (const [index, item] of listAt(value, kind).entries()) {
        reader.take(kind, item, jsonPlace(item, `${where}#/${kind}/${index}`))
      }
    }
  })
}

export async function readMediKeepTables(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  const reader = new RecordReader(intake)
  let kind = ''
  let header: readonly string[] | undefined
  await readRows(
    member,
    intake,
    totalBytes,
    (cells, line) => {
      const title = /^# ([A-Z ]+?)(?: DATA)?$/.exec(cells.length === 1 ? (cells[0] ?? '') : '')?.[1]
      if (title !== undefined) {
        kind = title.toLowerCase().replaceAll(' ', '_')
        header = undefined
      } else if (
        /^#/.test(cells[0] ?? '') ||
        (cells.length === 1 && cells[0] === '') ||
        kind === 'patient_information'
      ) {
        // Lines about the patient, blank lines between tables.
      } else if (!header) header = cells
      else {
        const place = { where: () => `${label}:${line}`, raw: () => rowText(cells, ',') }
        reader.take(kind, itemOf(header, cells), place)
      }
    },
    { delimiter: ',' },
  )
}

function itemOf(header: readonly string[], cells: readonly string[]): JsonObject {
  // `fromEntries` defines own properties and never runs a setter.
  return Object.fromEntries(
    header.flatMap((name, column): (readonly [string, unknown])[] => {
      const text = cells[column] ?? ''
      return text === '' ? [] : [[name, name === 'test_components' ? parsed(text) : text]]
    }),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Kept as the text that it is.
    return text
  }
}

class RecordReader {
  readonly #intake: Intake
  readonly #vitals: VitalsReader

  constructor(intake: Intake) {
    this.#intake = intake
    this.#vitals = new VitalsReader(intake)
  }

  patient(value: unknown, where: string): void {
    const birth = textAt(value, 'birth_date')
    if (/^\d{4}-\d{2}-\d{2}$/.test(birth)) this.#intake.offer({ field: 'dateOfBirth', value: birth, where })
    const blood = textAt(value, 'blood_type')
    if (/^(?:A|B|AB|O)[+-]$/.test(blood)) this.#intake.offer({ field: 'bloodType', value: blood, where })
    const sex = { m: 'male', male: 'male', f: 'female', female: 'female' }[
      textAt(value, 'gender').toLowerCase()
    ]
    if (sex !== undefined) this.#intake.offer({ field: 'sex', value: sex, where })
  }

  take(kind: string, item: unknown, place: Place): void {
    if (!isObject(item)) {
      if (this.#intake.begin(1)) this.#intake.refuse(place.where(), 'it is no record', place.raw())
      return
    }
    if (kind === 'vitals') this.#vitals.vitals(item, place)
    else if (kind === 'lab_results') this.#lab(item, place)
    else {
      const entity = entityOf(kind, item)
      if (entity) this.#entity(kind, entity, item, place)
      else this.#raw(kind, item, place)
    }
  }

  #lab(item: JsonObject, place: Place): void {
    const components = listAt(item, 'test_components')
    for (const component of components)
      if (isObject(component)) this.#vitals.component(component, item, place)
    if (!components.some(isObject)) this.#raw('lab_results', item, place)
  }

  #raw(kind: string, item: JsonObject, place: Place): void {
    if (!this.#intake.begin(1)) return
    this.#intake.unmapped(`MediKeep ${kind}`.slice(0, 60), place.where(), this.#startOf(item), place.raw)
  }

  #entity(kind: string, { type, key, fields }: EntityOf, item: JsonObject, place: Place): void {
    if (!this.#intake.begin(1)) return
    if (this.#intake.isSkipped(this.#startOf(item))) {
      this.#intake.skip(1)
      return
    }
    if (key === '') {
      this.#intake.refuse(place.where(), 'it has no name', place.raw())
      return
    }
    const id = stableEntityId(system, kind, String(own(item, 'id') ?? key))
    const source = {
      type: `MediKeep ${kind}`.slice(0, 60),
      where: place.where(),
      startMs: null,
      text: place.raw(),
    }
    const reason = this.#intake.entity(type, id, fields, 1, { source })
    if (reason !== '') this.#intake.refuse(place.where(), reason, place.raw())
  }

  #startOf(item: JsonObject): number | null {
    const names = [
      'date',
      'start_date',
      'onset_date',
      'date_administered',
      'ordered_date',
      'first_occurrence_date',
      'date_of_injury',
    ]
    const text = names.map((name) => textAt(item, name)).find((value) => value !== '')
    return (text === undefined ? undefined : this.#vitals.moment(text)?.startMs) ?? null
  }
}

interface EntityOf {
  readonly type: EntityType
  /** The name; '' where there is none. */
  readonly key: string
  readonly fields: EntityFields
}

function entityOf(kind: string, item: JsonObject): EntityOf | undefined {
  const text = (name: string) => textAt(item, name)
  const day = (name: string) => text(name).slice(0, 10)
  const note = text('notes')
  if (kind === 'medications') {
    const fields = {
      name: text('medication_name'),
      alternative_name: text('alternative_name'),
      dosage: text('dosage'),
      frequency: text('frequency'),
      route: text('route'),
      reason: text('indication'),
      start: day('start_date'),
      end: day('end_date'),
      status: text('status'),
      prescriber: text('prescribed_by'),
    }
    return { type: 'medication', key: fields.name, fields: statedFields(fields) }
  }
  if (kind === 'allergies') {
    const fields = {
      substance: text('allergen'),
      reaction: text('reaction'),
      severity: text('severity'),
      onset: day('onset_date'),
      clinicalStatus: text('status'),
      note,
    }
    return { type: 'allergy', key: fields.substance, fields: statedFields(fields) }
  }
  if (kind === 'conditions') {
    const name = text('diagnosis') || text('condition_name')
    const fields = {
      name,
      clinicalStatus: text('status'),
      onset: day('onset_date'),
      asserter: text('diagnosed_by'),
      note,
    }
    return { type: 'condition', key: name, fields: statedFields(fields) }
  }
  if (kind === 'immunizations') {
    const fields = {
      vaccine: text('vaccine_name'),
      date: day('date_administered'),
      lot: text('lot_number'),
      manufacturer: text('manufacturer'),
      site: text('site'),
      route: text('route'),
      dose_number: String(own(item, 'dose_number') ?? ''),
      expires: day('expiration_date'),
      performer: text('administered_by'),
      note,
    }
    return { type: 'immunization', key: fields.vaccine, fields: statedFields(fields) }
  }
  if (kind === 'procedures') {
    const fields = {
      name: text('procedure_name'),
      code: text('code'),
      status: text('status'),
      performed: day('date'),
      performer: text('performed_by'),
      note: [text('description'), note].filter((part) => part !== '').join('\n'),
    }
    return { type: 'procedure', key: fields.name, fields: statedFields(fields) }
  }
  return undefined
}
