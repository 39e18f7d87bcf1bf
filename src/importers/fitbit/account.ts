/** The export as a whole: which of its files hold health data, and what the profile says about the person. */
import { Failure, ZoneOffsets } from '../../foundation/index.ts'
import { readRows } from '../delimited/member-rows.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { memberLabel } from '../member-chunks.ts'
import { familyOf, titlesOf } from './kinds.ts'

/** Folders that only an export of Fitbit has, or the one that it is in. */
const exportFolder =
  /(^|\/)(Takeout\/(Fitbit|Google Health)|MyFitbitData|Global Export Data|user-site-export|(Physical Activity|Health Fitness Data|Body Temperature)_GoogleData|Active Zone Minutes \(AZM\)|Oxygen Saturation \(SpO2\)|Atrial Fibrillation (ECG|PPG)|Snore and Noise Detect|Daily Readiness|Stress (Score|Journal)|Menstrual Health|Personal & Account)\//i

/** Files about health that have no metric: kept whole. */
const healthFiles =
  /(^|\/)(Atrial Fibrillation (ECG|PPG)|Snore and Noise Detect|Menstrual Health|Mindfulness|Biometrics|Body Temperature_GoogleData|Stress (Score|Journal)|Heart Rate|Heart Rate Variability|Temperature|Sleep( Score)?|Daily Readiness|Physical Activity_GoogleData|Nutrition|Food)\/|(^|\/)(MedicalRecords|User(JournalEntries|FoodFrequencyEntries|MoodEntries|SleepScores|Exercises))[^/]*$/i
/** Raw output of sensors and guesses about movement: gigabytes that say nothing to people. */
const sensorFiles = /(^|\/)User(ActivityProbabilities|SensorCompressionToken)/i

/** Whether a file lies in a folder of an export. */
export function isInExport(name: string): boolean {
  return exportFolder.test(name)
}

/** Whether a file that is not read is kept whole. */
export function isKeptWhole(name: string): boolean {
  return /\.(csv|json)$/i.test(name) && healthFiles.test(name) && !isSensorOutput(name)
}

export function isSensorOutput(name: string): boolean {
  return sensorFiles.test(name)
}

const profileTitles = ['date_of_birth', 'gender', 'timezone'] as const

/** `Your Profile/Profile.csv`. */
export function isProfile(name: string, head: Uint8Array): boolean {
  if (familyOf(name) !== 'profile') return false
  const titles = titlesOf(head)
  return titles.includes('date_of_birth') || (titles.includes('timezone') && titles.includes('gender'))
}

/** Offers the person's date of birth and sex, and gives the zone of the account where it is one. */
export async function readProfile(
  intake: Intake,
  member: InputMember,
  totalBytes: number | null,
): Promise<string | undefined> {
  let titles: readonly string[] | undefined
  let zone: string | undefined
  await readRows(member, intake, totalBytes, (cells, line) => {
    if (!titles) {
      titles = cells.map((cell) => cell.trim().toLowerCase())
      return
    }
    const header = titles
    const [born = '', gender = '', named = ''] = profileTitles.map(
      (title) => cells[header.indexOf(title)]?.trim() ?? '',
    )
    const where = `${memberLabel(member.name)}:${line}`
    if (/^\d{4}-\d{2}-\d{2}$/.test(born)) intake.offer({ field: 'dateOfBirth', value: born, where })
    const sex = gender.toLowerCase()
    if (sex === 'male' || sex === 'female') intake.offer({ field: 'sex', value: sex, where })
    if (isZone(named)) zone ??= named
  })
  return zone
}

function isZone(name: string): boolean {
  if (name === '') return false
  try {
    new ZoneOffsets(name)
    return true
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    return false
  }
}
