/**
 * Segments as FHIR resources, after HL7's v2-to-FHIR mapping (https://build.fhir.org/ig/HL7/v2-to-fhir/): OBR as
 * DiagnosticReport, OBX as Observation, RXA as Immunization, PID as Patient.
 */
import { type Element, systemUri } from '../../fhir/index.ts'
import { dateTimeOfTimestamp } from '../clinical/time.ts'
import {
  componentOf,
  type Delimiters,
  fieldOf,
  partOf,
  repetitionsOf,
  type Segment,
  unescaped,
  wordsOf,
} from './segments.ts'

/** OBX-11 (table 0085) as FHIR status; those that state no result have none. */
const observationStatus: Readonly<Record<string, string>> = {
  F: 'final',
  U: 'final',
  C: 'corrected',
  A: 'amended',
  P: 'preliminary',
  R: 'preliminary',
  S: 'preliminary',
  D: 'entered-in-error',
  W: 'entered-in-error',
  X: 'cancelled',
  N: 'cancelled',
}
/** Pending, and mere details of the order. */
export const withoutResult: ReadonlySet<string> = new Set(['I', 'O'])

/** OBR-25 (table 0123). */
const reportStatus: Readonly<Record<string, string>> = {
  F: 'final',
  C: 'corrected',
  A: 'partial',
  P: 'preliminary',
  R: 'partial',
  X: 'cancelled',
  I: 'registered',
  O: 'registered',
  S: 'registered',
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/
const limit = /^\s*(<=|>=|<|>)\s*\d/

function present(members: Readonly<Record<string, unknown>>): Element {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

/** CE, CWE: identifier, words and system, and the same once more for the alternative. */
export function conceptOfField(segment: Segment, field: number): Element | undefined {
  const [first] = repetitionsOf(segment, field)
  return first === undefined ? undefined : conceptOfText(first, segment.delimiters)
}

function conceptOfText(repetition: string, delimiters: Delimiters): Element | undefined {
  const part = (number: number) => partOf(repetition, number, delimiters)
  const coding = [
    [part(1), part(2), part(3)],
    [part(4), part(5), part(6)],
  ].flatMap(([code, display, system]) =>
    code === undefined
      ? []
      : [present({ code, display, system: system === undefined ? undefined : systemUri(system) })],
  )
  const text = part(9) ?? part(2) ?? part(5)
  return coding.length === 0 && text === undefined ? undefined : present({ coding, text })
}

function timeOfField(segment: Segment | undefined, field: number): string | undefined {
  const text = componentOf(segment, field, 1)
  return text === undefined ? undefined : dateTimeOfTimestamp(text)
}

/** The OBX as Observation; `order` is the OBR before it, `notes` the NTE segments behind it. */
export function observationOfObx(
  obx: Segment,
  order: Segment | undefined,
  notes: readonly Segment[],
): Element {
  const status = componentOf(obx, 11, 1) ?? 'F'
  return present({
    resourceType: 'Observation',
    status: observationStatus[status] ?? 'unknown',
    code: conceptOfField(obx, 3),
    effectiveDateTime: timeOfField(obx, 14) ?? timeOfField(order, 7),
    ...valueOfObx(obx),
    interpretation: repetitionsOf(obx, 8).flatMap((flag) => conceptOfText(flag, obx.delimiters) ?? []),
    referenceRange: rangeOf(obx),
    method: conceptOfField(obx, 17),
    performer: performerOf(obx),
    note: notesOf(notes),
  })
}

function rangeOf(obx: Segment): readonly Element[] {
  const text = wordsOf(obx, 7)
  return text === undefined ? [] : [{ text }]
}

function performerOf(obx: Segment): readonly Element[] {
  const name = componentOf(obx, 23, 1) ?? componentOf(obx, 15, 2)
  return name === undefined ? [] : [{ display: name }]
}

function notesOf(notes: readonly Segment[]): readonly Element[] {
  return notes.flatMap((note) => {
    const text = wordsOf(note, 3)
    return text === undefined ? [] : [{ text }]
  })
}

/** OBX-5 by its type, OBX-2. More than one repetition is no single value. */
function valueOfObx(obx: Segment): Element {
  const repetitions = repetitionsOf(obx, 5)
  const [first] = repetitions
  if (first === undefined) return {}
  if (repetitions.length > 1) return { valueOther: 'repetitions' }
  const text = unescaped(first, obx.delimiters).trim()
  switch (fieldOf(obx, 2)) {
    case 'NM':
      return numberValue(text, obx)
    case 'SN':
      return structuredNumber(first, obx)
    case 'ST':
    case 'TX':
    case 'FT':
      // Laboratories send numbers as texts; with a unit beside them they are numbers.
      return fieldOf(obx, 6) === '' || !(decimal.test(text) || limit.test(text))
        ? { valueString: text }
        : numberValue(text, obx)
    case 'CE':
    case 'CWE':
    case 'CF':
    case 'CNE':
      return present({ valueCodeableConcept: conceptOfText(first, obx.delimiters) })
    default:
      return { valueOther: fieldOf(obx, 2) }
  }
}

function numberValue(text: string, obx: Segment): Element {
  if (limit.test(text)) return { valueQuantity: { value: text, comparator: text.trim().charAt(0) } }
  return { valueQuantity: quantity(text, obx) }
}

/** SN: comparator, number, separator, number. */
function structuredNumber(value: string, obx: Segment): Element {
  const part = (number: number) => partOf(value, number, obx.delimiters)
  const [comparator, number, separator] = [part(1), part(2), part(3)]
  if (separator !== undefined || number === undefined) return { valueOther: 'SN' }
  const isPlain = comparator === undefined || comparator === '='
  return { valueQuantity: isPlain ? quantity(number, obx) : { ...quantity(number, obx), comparator } }
}

/** OBX-6: the unit's code, then its words. */
function quantity(value: string, obx: Segment): Element {
  return present({ value, code: componentOf(obx, 6, 1), unit: componentOf(obx, 6, 2) })
}

/** The OBR as the report of the OBX behind it. */
export function reportOfObr(obr: Segment, results: readonly Segment[], notes: readonly Segment[]): Element {
  const first = results.map((obx) => timeOfField(obx, 14)).find((time) => time !== undefined)
  return present({
    resourceType: 'DiagnosticReport',
    status: reportStatus[componentOf(obr, 25, 1) ?? 'F'] ?? 'unknown',
    code: conceptOfField(obr, 4),
    effectiveDateTime: timeOfField(obr, 7) ?? first,
    issued: timeOfField(obr, 22),
    result: results.flatMap((obx) => {
      const display = componentOf(obx, 3, 2)
      return display === undefined ? [] : [{ display }]
    }),
    conclusion: notes.flatMap((note) => wordsOf(note, 3) ?? []).join('\n') || undefined,
  })
}

/** The RXA as Immunization, with the route of the RXR behind it. */
export function immunizationOfRxa(rxa: Segment, rxr: Segment | undefined): Element {
  const completion = componentOf(rxa, 20, 1) ?? 'CP'
  const isDeleted = componentOf(rxa, 21, 1) === 'D'
  const isGiven = completion === 'CP' || completion === 'PA'
  const amount = componentOf(rxa, 6, 1)
  const maker = componentOf(rxa, 17, 2)
  return present({
    resourceType: 'Immunization',
    status: isDeleted ? 'entered-in-error' : isGiven ? 'completed' : 'not-done',
    vaccineCode: conceptOfField(rxa, 5),
    occurrenceDateTime: timeOfField(rxa, 3),
    // 999: the amount is not known (CDC implementation guide).
    doseQuantity:
      amount === undefined || amount === '999'
        ? undefined
        : present({ value: amount, unit: componentOf(rxa, 7, 1) }),
    lotNumber: componentOf(rxa, 15, 1),
    expirationDate: timeOfField(rxa, 16),
    manufacturer: maker === undefined ? undefined : { display: maker },
    route: rxr ? conceptOfField(rxr, 1) : undefined,
    site: rxr ? conceptOfField(rxr, 2) : undefined,
  })
}

const genders: Readonly<Record<string, string>> = { F: 'female', M: 'male', O: 'other' }

export function patientOfPid(pid: Segment): Element {
  const family = componentOf(pid, 5, 1)
  return present({
    resourceType: 'Patient',
    birthDate: timeOfField(pid, 7)?.slice(0, 10),
    gender: genders[componentOf(pid, 8, 1) ?? ''],
    name: family === undefined ? undefined : [{ family }],
  })
}

/** An ED value with its bytes: type, subtype, encoding, data. */
export function documentOfObx(obx: Segment): Element | undefined {
  if (fieldOf(obx, 2) !== 'ED' || componentOf(obx, 5, 4)?.toLowerCase() !== 'base64') return undefined
  const data = componentOf(obx, 5, 5)
  const [type, subtype] = [componentOf(obx, 5, 2), componentOf(obx, 5, 3)]
  if (data === undefined) return undefined
  return {
    resourceType: 'DocumentReference',
    description: componentOf(obx, 3, 2) ?? 'document',
    content: [{ attachment: { contentType: mediaTypeOf(type, subtype), data } }],
  }
}

/** Table 0191 and 0291: `IM^JPEG`, `AP^PDF`, `TEXT^HTML`. */
function mediaTypeOf(type: string | undefined, subtype: string | undefined): string {
  const name = (subtype ?? '').toLowerCase()
  if (name === 'pdf') return 'application/pdf'
  if (name === 'rtf') return 'application/rtf'
  if (['jpeg', 'png', 'gif', 'tiff'].includes(name)) return `image/${name}`
  if (['html', 'plain', 'xml'].includes(name)) return `text/${name}`
  return type?.toUpperCase() === 'TEXT' ? 'text/plain' : 'application/octet-stream'
}
