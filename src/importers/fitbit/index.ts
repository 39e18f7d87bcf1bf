/** Fitbit: the account export, and the folder Fitbit or Google Health of a Google Takeout. */
import type { Importer, InputMember, OpenedInput } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { FitbitContext } from './context.ts'
import { dayMetrics } from './days.ts'
import { exerciseMetrics } from './exercise.ts'
import { familyOf } from './kinds.ts'
import { minuteMetrics } from './minutes.ts'
import { isFitbit, readFitbit } from './read.ts'
import { sleepMetrics } from './sleep.ts'
import { weightMetrics } from './weight.ts'

export const fitbit: Importer = {
  name: 'fitbit',
  title: 'Fitbit account export, Google Takeout (JSON, CSV)',
  needs:
    'the zip of Google Takeout (Fitbit, Google Health) or of the older account export, its folder, or single files',
  whereToGet: 'takeout.google.com: Deselect all, then Fitbit (Google Health).',
  maps: [
    ...new Set([...minuteMetrics, ...dayMetrics, ...sleepMetrics, ...exerciseMetrics, ...weightMetrics]),
  ].sort(),
  testedWith: [{ kind: 'real', what: '7 files of a public test' }],
  recognises: async (name, head) => isFitbit(name, await head()),
  read: async (input, intake) => {
    const context = new FitbitContext(intake)
    await readMembers(inReadingOrder(input), intake, {
      what: 'Fitbit file',
      hint: 'takeout.google.com: Deselect all, then Fitbit; then import the zip.',
      recognises: fitbit.recognises,
      read: (member, totalBytes) => readFitbit(context, member, totalBytes),
    })
  },
}

/** Days without wear are told by the sedentary minutes, which so come first. */
function inReadingOrder(input: OpenedInput): OpenedInput {
  const rank = ({ name }: InputMember) => (familyOf(name) === 'sedentary_minutes' ? 0 : 1)
  return { ...input, members: [...input.members].sort((a, b) => rank(a) - rank(b)) }
}
