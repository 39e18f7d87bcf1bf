/** Reads the files of a Fitbit export, each by its kind. */
import { headText } from '../delimited/text.ts'
import type { InputMember } from '../importer.ts'
import { isObject, type JsonObject, jsonHead, listAt, own, readValues } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import { attachmentOf, wholeMember } from '../whole-member.ts'
import { isInExport, isKeptWhole, isProfile, isSensorOutput } from './account.ts'
import { isAccountCsv, readAccountCsv } from './account-csv.ts'
import type { FitbitContext } from './context.ts'
import { takeDay } from './day-totals.ts'
import { daysOf, type TakeElement } from './days.ts'
import { takeExercise } from './exercise.ts'
import { takeIntraday } from './intraday.ts'
import { familyOf, type JsonKind, jsonKindOf, titlesOf } from './kinds.ts'
import { countOf, readMinutes } from './minutes.ts'
import { nightKind, nightRows } from './nights.ts'
import { takeSleep } from './sleep.ts'
import { readTable, rowsOf } from './table-rows.ts'
import { type FoundTable, findTable } from './tables.ts'
import { takeWeight } from './weight.ts'

const maxKeptBytes = 16 * 1024 * 1024
/** Tables without a metric whose header no other program has. */
const ownTitles = /^(infrared to red signal ratio|sleep_log_entry_id|stress_score|snore_label|bucket_values)$/

/** What a file of the export is. */
export type FileKind =
  | { readonly is: 'json'; readonly json: JsonKind }
  | { readonly is: 'table'; readonly found: FoundTable }
  | { readonly is: 'nights'; readonly nights: NonNullable<ReturnType<typeof nightKind>> }
  | { readonly is: 'account-csv' | 'profile' | 'whole' }

/** The kind of a file by its content and name; undefined for one that is not read. */
export function kindOf(name: string, head: Uint8Array): FileKind | undefined {
  if (isSensorOutput(name)) return undefined
  const json = jsonKindOf(head)
  if (json) return { is: 'json', json }
  if (jsonHead(head) !== '' && !/\.csv$/i.test(name)) return undefined
  if (isAccountCsv(head)) return { is: 'account-csv' }
  const titles = titlesOf(head)
  const nights = nightKind(titles)
  if (nights) return { is: 'nights', nights }
  const found = findTable(titles, familyOf(name))
  if (found && isOwnTable(name, titles, found)) return { is: 'table', found }
  if (isProfile(name, head)) return { is: 'profile' }
  return titles.some((title) => ownTitles.test(title)) ? { is: 'whole' } : undefined
}

const datedName = /(_\d{4}-\d{2}-\d{2}| - \d{4}-.*)\.csv$/i

/** Titles of several words (`weight grams`, `overall_score`) are nobody else's; those of one are known by the file. */
function isOwnTable(name: string, titles: readonly string[], { device, columns }: FoundTable): boolean {
  const isNamed = columns.some(({ at }) => /[ _]/.test(titles[at] ?? ''))
  return isNamed || device >= 0 || isInExport(name) || datedName.test(name)
}

export function isFitbit(name: string, head: Uint8Array): boolean {
  return kindOf(name, head) !== undefined
}

/** Reads a file of the export, or keeps it. */
export async function readFitbit(
  context: FitbitContext,
  member: InputMember,
  totalBytes: number | null,
): Promise<void> {
  const head = await member.head()
  const kind = kindOf(member.name, head)
  if (kind?.is === 'json') await readJson(context, member, kind.json, totalBytes)
  else if (kind?.is === 'account-csv') await readAccountCsv(context, member, totalBytes)
  else if (kind?.is === 'nights') {
    await readTable(context, member, totalBytes, nightRows(context, kind.nights, titlesOf(head)))
  } else if (kind?.is === 'table') await readTable(context, member, totalBytes, rowsOf(context, kind.found))
  else if (kind?.is === 'whole' || (kind === undefined && isKeptWhole(member.name))) {
    await keepWhole(context, member, totalBytes)
  } else if (kind === undefined) context.intake.note('a file of the export without health data was not read')
}

async function keepWhole(
  context: FitbitContext,
  member: InputMember,
  totalBytes: number | null,
): Promise<void> {
  const { intake } = context
  const bytes = await wholeMember(member, maxKeptBytes, intake, totalBytes)
  if (!bytes || isEmpty(member.name, bytes)) return
  const mediaType = /\.json$/i.test(member.name) ? 'application/json' : 'text/csv'
  if (intake.begin(0)) {
    intake.attach(`fitbit ${familyOf(member.name)}`.slice(0, 60), attachmentOf(member.name, mediaType, bytes))
  }
}

/** Kinds of data that an account has none of are there all the same: as `no data`, `[]`, or a header alone. */
export function isEmpty(name: string, head: Uint8Array): boolean {
  const text = headText(head)
  return /\.csv$/i.test(name) ? !/\n\s*\S/.test(text) : /^\s*(\[\s*\])?\s*$/.test(text)
}

async function readJson(
  context: FitbitContext,
  member: InputMember,
  kind: JsonKind,
  totalBytes: number | null,
): Promise<void> {
  const family = familyOf(member.name)
  if (kind === 'heart-rate') await readMinutes(context, member, '', totalBytes)
  else if (kind === 'series' && countOf(family)) await readMinutes(context, member, family, totalBytes)
  else {
    const take = takerOf(context, kind, family)
    await readValues(member, context.intake, totalBytes, (value, where) => {
      take(value, where)
      if (context.intake.full) context.intake.flush()
    })
  }
}

type TakeLog = (context: FitbitContext, value: JsonObject, place: Place) => void

/** Kinds of logs; answers of the Web API hold them in lists. */
const logs: Partial<
  Readonly<Record<JsonKind, { readonly lists: readonly string[]; readonly take: TakeLog }>>
> = {
  sleep: { lists: ['sleep'], take: takeSleep },
  exercise: { lists: ['activities'], take: takeExercise },
  weight: { lists: ['weight', 'fat'], take: takeWeight },
  'series-answer': { lists: [], take: takeIntraday },
  day: { lists: [], take: takeDay },
}

function takerOf(context: FitbitContext, kind: JsonKind, family: string): TakeElement {
  const log = logs[kind]
  if (!log) return daysOf(context, family)
  const takeLog = (value: unknown, where: string) => {
    const place = jsonPlace(value, where)
    if (isObject(value)) log.take(context, value, place)
    else context.measurements.refuse('it is no object', place, 'REFUSED_INPUT')
  }
  return (value, where) => {
    const lists = log.lists.filter((list) => Array.isArray(own(value, list)))
    if (lists.length === 0) takeLog(value, where)
    for (const list of lists) {
      for (const [index, one] of listAt(value, list).entries()) takeLog(one, `${where}#/${list}/${index}`)
    }
  }
}
