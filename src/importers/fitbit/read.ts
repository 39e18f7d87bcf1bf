/** Reads the files of a Fitbit export, each by its kind. */
import type { InputMember } from '../importer.ts'
import { readValues } from '../json/member-values.ts'
import type { FitbitContext } from './context.ts'
import { daysOf } from './days.ts'
import { familyOf, jsonKindOf } from './kinds.ts'
import { countOf, readMinutes } from './minutes.ts'

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
    const take = daysOf(context, family)
    await readValues(member, context.intake, totalBytes, (value, where) => {
      take(value, where)
      if (context.intake.full) context.intake.flush()
    })
  }
}
