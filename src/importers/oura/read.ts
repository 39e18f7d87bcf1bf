/** Reads Oura files: answers of the API, the account's JSON with a list for each collection, CSV for each collection. */
import { rowText } from '../delimited/csv-rows.ts'
import { firstRows, readRows } from '../delimited/member-rows.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { arrayWithin } from '../json/array-within.ts'
import { isObject, type JsonObject, jsonHead, readValues } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { memberLabel } from '../member-chunks.ts'
import { OuraDocuments } from './documents.ts'

const collections =
  /^(daily_?(activity|readiness|sleep|spo2|stress|resilience|cardiovascular_?age)|sleep(_?model|_?time)?|heart_?rate|workout|session|enhanced_?tag|tag|rest_?mode_?period|vo2_?max|personal_?info|ring_?configuration|activity|readiness|temperature)s?$/
const envelope = /^\s*\{\s*"data"\s*:\s*/
const documentMark =
  /"(bedtime_start|sleep_phase_5_min|equivalent_walking_distance|temperature_trend_deviation|spo2_percentage|vascular_age|readiness_score_delta|contributors)"\s*:/
const heartRateMark = /"bpm"\s*:[^{}]*"source"\s*:\s*"(awake|rest|sleep|session|live|workout)"/

/** Old trend files: title → field of the collection that it belongs to. */
const trendColumns: Readonly<Record<string, readonly [string, string]>> = {
  'sleep score': ['daily_sleep', 'score'],
  'readiness score': ['daily_readiness', 'score'],
  'temperature deviation (°c)': ['daily_readiness', 'temperature_deviation'],
  'temperature trend deviation': ['daily_readiness', 'temperature_trend_deviation'],
  steps: ['daily_activity', 'steps'],
  'activity burn': ['daily_activity', 'active_calories'],
  'total burn': ['daily_activity', 'total_calories'],
  'high activity time': ['daily_activity', 'high_activity_time'],
  'medium activity time': ['daily_activity', 'medium_activity_time'],
  'low activity time': ['daily_activity', 'low_activity_time'],
  'bedtime start': ['sleep', 'bedtime_start'],
  'bedtime end': ['sleep', 'bedtime_end'],
  'deep sleep duration': ['sleep', 'deep_sleep_duration'],
  'light sleep duration': ['sleep', 'light_sleep_duration'],
  'rem sleep duration': ['sleep', 'rem_sleep_duration'],
  'awake time': ['sleep', 'awake_time'],
  'total bedtime': ['sleep', 'time_in_bed'],
  'sleep latency': ['sleep', 'latency'],
  'sleep efficiency': ['sleep', 'efficiency'],
  'average resting heart rate': ['sleep', 'average_heart_rate'],
  'average hrv': ['sleep', 'average_hrv'],
  'respiratory rate': ['sleep', 'average_breath'],
}

export function isOura(name: string, head: Uint8Array): boolean {
  const json = jsonHead(head)
  if (json !== '') return documentMark.test(json) || heartRateMark.test(json)
  if (!/\.csv$/i.test(name)) return false
  return isCollectionHeader(firstRows(head, 1)[0] ?? [])
}

function isCollectionHeader(cells: readonly string[]): boolean {
  const titles = cells.map((cell) => cell.trim().toLowerCase())
  const has = (...names: readonly string[]) => names.every((one) => titles.includes(one))
  return (
    has('timestamp', 'bpm', 'source') ||
    has('day', 'contributors') ||
    has('bedtime_start', 'bedtime_end') ||
    has('day', 'spo2_percentage') ||
    has('day', 'vascular_age') ||
    has('day', 'vo2_max') ||
    (has('start_datetime', 'end_datetime') && titles.includes('day')) ||
    has('sleep score', 'bedtime start')
  )
}

/** `oura/dailyactivity (2).csv` → `dailyactivity`. */
function collectionOf(name: string): string {
  const base = memberLabel(name)
    .replace(/\.(json|csv)$/i, '')
    .replace(/ ?\(\d+\)$/, '')
    .replace(/^oura[_-]/i, '')
    .replaceAll('-', '_')
    .toLowerCase()
  return collections.test(base) ? base : ''
}

export async function readOura(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const documents = new OuraDocuments(intake)
  const head = await member.head()
  if (jsonHead(head) === '') await readTable(member, totalBytes, intake, documents)
  else await readJson(member, head, totalBytes, intake, documents)
}

async function readJson(
  member: InputMember,
  head: Uint8Array,
  totalBytes: number | null,
  intake: Intake,
  documents: OuraDocuments,
): Promise<void> {
  const label = memberLabel(member.name)
  const name = collectionOf(member.name)
  const numbers = new Map<string, number>()
  const take = (value: unknown, collection: string) => {
    const kind = collection || 'document'
    const number = (numbers.get(kind) ?? 0) + 1
    numbers.set(kind, number)
    const place = jsonPlace(value, `${label}:${kind} ${number}`)
    if (isObject(value)) documents.take(value, collection, place)
    else documents.refuse('it is no object', place)
    if (intake.full) intake.flush()
  }
  await readValues(arrayWithin(member, head, envelope) ?? member, intake, totalBytes, (value) => {
    const lists = isObject(value)
      ? Object.entries(value).filter(([key, list]) => isCollection(key, list))
      : []
    if (lists.length === 0) take(value, name)
    for (const [key, list] of lists) for (const one of listOf(list)) take(one, key === 'data' ? name : key)
  })
}

function isCollection(key: string, list: unknown): boolean {
  return (
    (key === 'data' || collections.test(key)) &&
    (Array.isArray(list) || isObject(list)) &&
    listOf(list).every(isObject)
  )
}

/** A list, the list inside an answer, or the one document. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  const inner = isObject(value) ? value['data'] : undefined
  if (Array.isArray(inner)) return inner
  // Series inside a document (`heart_rate`) are no documents.
  return isObject(value) && !('items' in value) ? [value] : [null]
}

async function readTable(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  documents: OuraDocuments,
): Promise<void> {
  const label = memberLabel(member.name)
  const name = collectionOf(member.name)
  let header: readonly string[] | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return
    if (!header) {
      header = cells.map((cell) => cell.trim().toLowerCase())
      return
    }
    const place = { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) }
    const isTrend = header.includes('sleep score')
    const found = isTrend ? trendDocuments(header, cells) : [[name, documentOf(header, cells)] as const]
    for (const [collection, document] of found) documents.take(document, collection, place)
  })
}

function documentOf(header: readonly string[], cells: readonly string[]): JsonObject {
  return Object.fromEntries(header.map((title, index) => [title, cells[index] ?? '']))
}

/** A row of an old trend file holds a day of several collections. */
function trendDocuments(
  header: readonly string[],
  cells: readonly string[],
): (readonly [string, JsonObject])[] {
  const found = new Map<string, Record<string, string>>()
  const day = (cells[0] ?? '').trim()
  for (const [index, title] of header.entries()) {
    const column = Object.hasOwn(trendColumns, title) ? trendColumns[title] : undefined
    const cell = (cells[index] ?? '').trim()
    if (!column || cell === '') continue
    const [collection, field] = column
    const document = found.get(collection) ?? { day }
    document[field] = cell
    found.set(collection, document)
  }
  return [...found]
}
