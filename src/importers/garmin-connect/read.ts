/** Reads JSON of Garmin Connect, element by element. */
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { arrayWithin } from '../json/array-within.ts'
import { isObject, type JsonObject, jsonHead, listAt, readValues } from '../json/member-values.ts'
import { outerKeys } from '../json/outer-keys.ts'
import { memberLabel } from '../member-chunks.ts'
import { takeActivity, takeSamples } from './activities.ts'
import { ConnectContext } from './context.ts'
import { takeDaily } from './daily.ts'

/** Keys of an element that name it, each with those of which one stands beside it. */
const marks: readonly (readonly [key: RegExp, beside?: RegExp])[] = [
  [/^(summarizedActivitiesExport|sleepStartTimestampGMT|biometricVo2Max|abnormalHrEventGMT)$/],
  [/^com\.garmin\.activity\.details/],
  [/^activityId$/, /^(startTimeG(MT|mt)|activityTypeDTO|summaryDTO|beginTimestamp)$/],
  [/^calendarDate$/, /^(totalSteps|totalKilocalories|wellnessStartTimeGmt|vo2MaxValue)$/],
]
const archiveName =
  /_healthStatusData\.json$|UDSFile_.*\.json$|_sleepData\.json$|_summarizedActivities\.json$/i
const activitiesList = /"summarizedActivitiesExport"\s*:\s*/

export function isGarminConnect(name: string, head: Uint8Array): boolean {
  const text = jsonHead(head)
  if (text === '') return false
  if (archiveName.test(name)) return true
  const keys = [...outerKeys(text)]
  const has = (mark: RegExp | undefined) => mark === undefined || keys.some((key) => mark.test(key))
  return marks.some(([key, beside]) => has(key) && has(beside))
}

export async function readGarminConnect(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const context = new ConnectContext(intake, memberLabel(member.name))
  // The archive wraps a hundred megabytes of activities into one object: its elements are read one by one.
  const list = arrayWithin(member, await member.head(), activitiesList)
  await readValues(list ?? member, intake, totalBytes, (value) => {
    takeValue(context, value)
    if (intake.full) intake.flush()
  })
}

function takeValue(context: ConnectContext, value: unknown): void {
  if (isObject(value)) {
    const inner = listAt(value, 'summarizedActivitiesExport')
    if (inner.length > 0) for (const one of inner) takeValue(context, one)
    else if (!takeElement(context, value)) {
      context.measurements.unmapped('garmin element', null, context.place('element', value))
    }
  } else context.measurements.refuse('it is no object', context.place('element', value))
}

function takeElement(context: ConnectContext, value: JsonObject): boolean {
  return takeSamples(context, value) || takeActivity(context, value) || takeDaily(context, value)
}
