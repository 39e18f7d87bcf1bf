/** `profile`: the person's facts. */
import { Failure } from '../../foundation/index.ts'
import type { JsonValue } from '../../records/index.ts'
import { writeFields } from '../entity-fields.ts'
import type { UseCase } from '../use-case.ts'

/** The person's facts. Each is asked for only when something needs it. */
export const profileFields = {
  name: 'text',
  'birth-date': 'date',
  sex: ['female', 'male', 'intersex', 'unknown'],
  'sex-for-equations': ['female', 'male'],
  'gender-identity': 'text',
  'blood-type': ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'],
  'skin-type': ['I', 'II', 'III', 'IV', 'V', 'VI'],
  smoking: ['never', 'former', 'current'],
  wheelchair: ['yes', 'no'],
  'emergency-contact': 'text',
  doctor: 'text',
} as const

/** What people look for here but is a measurement with a time. */
const measured: ReadonlySet<string> = new Set(['height', 'weight', 'waist'])

/** A setting, because imports need it while the vault is locked. */
const zoneWords: ReadonlySet<string> = new Set(['time-zone', 'timezone', 'zone', 'tz'])

export type ProfileField = keyof typeof profileFields

export interface ProfileArgs {
  readonly action: 'show' | 'set'
  /** `null` clears a fact. */
  readonly facts?: Readonly<Record<string, string | null>>
}

export const profileUseCase: UseCase<ProfileArgs, { readonly facts: Readonly<Record<string, JsonValue>> }> = {
  name: 'profile',
  scope: 'read',
  async run(context, args) {
    if (args.action === 'set') {
      const facts = Object.entries(args.facts ?? {}).map(
        ([name, value]) =>
          [name, value === null ? null : checkedFact(name, value, context.clock.nowMs())] as const,
      )
      writeFields(context, 'profile', 'self', 'profile set', Object.fromEntries(facts))
    }
    return { facts: context.vault().entity('profile', 'self')?.fields ?? {} }
  },
}

function checkedFact(name: string, value: string, nowMs: number): string {
  const kind = profileFields[name as ProfileField]
  if (kind === undefined) {
    throw new Failure('USAGE', `the profile has no "${name.slice(0, 40)}"`, {
      hint: placeOf(name, value),
    })
  }
  if (kind === 'text') return value.slice(0, 1000)
  if (kind === 'date') {
    if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(value) && isDate(value)) return possibleBirth(value, nowMs)
    throw new Failure('DATE', `"${value.slice(0, 40)}" is no date`, {
      hint: 'Write 1980-05-17, 1980-05 or 1980.',
    })
  }
  const match = (kind as readonly string[]).find((one) => one.toLowerCase() === value.toLowerCase())
  if (match !== undefined) return match
  throw new Failure('VALUE', `${name} is one of ${kind.join(', ')}`)
}

/** Where to put what the profile does not hold. */
function placeOf(name: string, value: string): string {
  if (measured.has(name)) return `What is measured is logged: healthmate log ${name} …`
  if (zoneWords.has(name.toLowerCase().replaceAll('_', '-')))
    return `healthmate config set time-zone ${value.slice(0, 60)}`
  return `It has: ${Object.keys(profileFields).join(', ')}.`
}

/** `Date.parse` would take 2026-02-30 for the second of March. */
function isDate(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** Nobody alive was born before 1900; a child may be entered on the day of its birth. */
function possibleBirth(text: string, nowMs: number): string {
  const ms = Date.parse(text)
  if (ms <= nowMs + 86_400_000 && ms >= Date.UTC(1900, 0, 1)) return text
  throw new Failure('DATE', `${text} is no date of birth of anybody alive`, { hint: 'Check the year.' })
}
