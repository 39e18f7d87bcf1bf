/** Reads the files of a Fitbit export, each by its kind. */
import type { InputMember } from '../importer.ts'
import { isObject, type JsonObject, listAt, readValues } from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import type { Place } from '../measurements.ts'
import type { FitbitContext } from './context.ts'
import { daysOf, type TakeElement } from './days.ts'
import { takeExercise } from './exercise.ts'
import { familyOf, type JsonKind, jsonKindOf } from './kinds.ts'
import { countOf, readMinutes } from './minutes.ts'
import { takeSleep } from './sleep.ts'
import { takeWeight } from './weight.ts'

export function isFitbit(_name: string, head: Uint8Array): boolean {
  return jsonKindOf(head) !== undefined
}

export async function readFitbit(
  context: FitbitContext,
  member: InputMember,
  totalBytes: number | null,
): Promise<void> {
  const kind = jsonKindOf(await member.head())
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

/** Kinds of logs; answers of the Web API hold them in a list. */
const logs: Partial<Readonly<Record<JsonKind, { readonly list: string; readonly take: TakeLog }>>> = {
  sleep: { list: 'sleep', take: takeSleep },
  exercise: { list: 'activities', take: takeExercise },
  weight: { list: 'weight', take: takeWeight },
}

function takerOf(context: FitbitContext, kind: JsonKind | undefined, family: string): TakeElement {
  const log = kind && logs[kind]
  if (!log) return daysOf(context, family)
  const takeLog = (value: unknown, where: string) => {
    const place = jsonPlace(value, where)
    if (isObject(value)) log.take(context, value, place)
    else context.measurements.refuse('it is no object', place, 'REFUSED_INPUT')
  }
  return (value, where) => {
    const list = listAt(value, log.list)
    if (list.length === 0) takeLog(value, where)
    for (const [index, one] of list.entries()) takeLog(one, `${where}#/${log.list}/${index}`)
  }
}
