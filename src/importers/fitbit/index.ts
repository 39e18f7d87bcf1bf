/** Fitbit: the account export, and the folder Fitbit or Google Health of a Google Takeout. */
import { Failure } from '../../foundation/index.ts'
import type { Importer, InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { stops } from '../whole-member.ts'
import { isInExport, readProfile } from './account.ts'
import { accountMetrics } from './account-csv.ts'
import { FitbitContext } from './context.ts'
import { totalMetrics } from './day-totals.ts'
import { dayMetrics } from './days.ts'
import { exerciseMetrics } from './exercise.ts'
import { familyOf } from './kinds.ts'
import { minuteMetrics } from './minutes.ts'
import { nightMetrics } from './nights.ts'
import { type FileKind, isEmpty, isFitbit, kindOf, readFitbit } from './read.ts'
import { sleepMetrics } from './sleep.ts'
import { tableMetrics } from './tables.ts'
import { weightMetrics } from './weight.ts'

export const fitbit: Importer = {
  name: 'fitbit',
  title: 'Fitbit account export, Google Takeout (JSON, CSV)',
  needs:
    'the zip of Google Takeout (Fitbit, Google Health) or of the older account export, its folder, single files, or answers of the Web API',
  whereToGet: 'takeout.google.com: Deselect all, then Fitbit (Google Health).',
  maps: [
    ...new Set([
      ...accountMetrics,
      ...dayMetrics,
      ...exerciseMetrics,
      ...minuteMetrics,
      ...nightMetrics,
      ...sleepMetrics,
      ...tableMetrics,
      ...totalMetrics,
      ...weightMetrics,
    ]),
  ].sort(),
  testedWith: [
    { kind: 'real', what: '7 files of a public test, 10 recorded answers of the Web API' },
    {
      kind: 'specification',
      what: 'every kind of file, as the readme files in it and public readers of real exports have it',
    },
  ],
  recognises: async (name, head) => isFitbit(name, await head()),
  accompanies: (name, beside) => (isInExport(name) && beside.some(isInExport) ? 'leftover' : undefined),
  read: readExport,
}

interface File {
  readonly member: InputMember
  readonly kind: FileKind | undefined
  readonly isEmpty: boolean
}

/** Reads an export in an order in which each file finds what it needs of others. */
async function readExport(input: OpenedInput, intake: Intake): Promise<void> {
  const files: File[] = []
  for (const member of input.members) {
    const head = await member.head()
    files.push({ member, kind: kindOf(member.name, head), isEmpty: isEmpty(member.name, head) })
  }
  if (files.every(({ kind }) => kind === undefined)) {
    throw new Failure('REFUSED_INPUT', 'there is no Fitbit file in the input', {
      hint: 'takeout.google.com: Deselect all, then Fitbit; then import the zip.',
    })
  }
  let zone: string | undefined
  for (const { member } of files.filter(({ kind }) => kind?.is === 'profile')) {
    zone = (await readProfile(intake, member, input.totalBytes)) ?? zone
  }
  const context = new FitbitContext(intake, zone)
  look(context, files)
  for (const file of files.sort((a, b) => rank(a) - rank(b))) {
    await readFitbit(context, file.member, input.totalBytes)
    if (intake.full) intake.flush()
    if (intake.interrupted || stops(intake)) return
  }
}

/** Notes what the input holds, so that averages and copies of it are known. */
function look(context: FitbitContext, files: readonly File[]): void {
  for (const { kind } of files.filter((file) => !file.isEmpty)) {
    if (kind?.is === 'json' && kind.json === 'sleep') context.hasSleepLogs = true
    if (kind?.is === 'nights' && kind.nights === 'computed temperature')
      context.readings.add('wrist_temperature')
    if (kind?.is !== 'table' || kind.found.table.averages !== undefined) continue
    for (const { metric } of kind.found.table.columns) context.readings.add(metric)
  }
}

/** First offsets of nights, which sleep logs need, and sedentary minutes, which tell days without wear. */
function rank({ member, kind }: File): number {
  if (kind?.is === 'nights') return 0
  return familyOf(member.name) === 'sedentary_minutes' ? 1 : 2
}
