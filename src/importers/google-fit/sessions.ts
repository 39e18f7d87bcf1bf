/** Sessions (`All Sessions`, earlier `Sessions`): an activity or a sleep with its segments and totals. */
import { snakeCase } from '../activity-sports.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import {
  isObject,
  type JsonObject,
  jsonHead,
  listAt,
  numberAt,
  readValues,
  textAt,
} from '../json/member-values.ts'
import { jsonPlace } from '../json/place.ts'
import { Measurements, type Place } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { shortestFloat } from '../track-file.ts'
import { instantWithOffset, readWallTime } from '../wall-time.ts'
import { sums } from './streams.ts'

const mark = /"fitnessActivity"\s*:/
/** `2024-05-01T07_12_11+02_00_WALKING.json`: the start in local time. */
const nameOffset = /\d{4}-\d{2}-\d{2}T\d{2}_\d{2}_\d{2}(?:\.\d+)?([+-])(\d{2})_(\d{2})/
const mindful = /^(meditation|guided_breathing)$/
/** What the phone recognised without an exercise. */
const noExercise = /^(in_vehicle|still.*|unknown.*|tilting|on_foot|exiting_vehicle|elevator|escalator)$/
const stages: Readonly<Record<string, string>> = {
  '': 'sleep_asleep',
  light: 'sleep_core',
  deep: 'sleep_deep',
  rem: 'sleep_rem',
  awake: 'sleep_awake',
}

/** Metrics of sessions. */
export const sessionMetrics: readonly string[] = [...Object.values(stages), 'mindful_minutes', 'workout']

export function isSession(head: Uint8Array): boolean {
  const text = jsonHead(head)
  return mark.test(text) && /"(startTime|endTime)"\s*:/.test(text)
}

export async function readSessions(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  hasSleepSegments: boolean,
): Promise<void> {
  const label = memberLabel(member.name)
  const reader = new SessionReader(intake, offsetOfName(label), hasSleepSegments)
  let number = 0
  await readValues(member, intake, totalBytes, (value) => {
    reader.take(value, jsonPlace(value, `${label}:session ${++number}`))
    if (intake.full) intake.flush()
  })
}

/** Minutes east of UTC; NaN where the name has none. */
function offsetOfName(label: string): number {
  const match = nameOffset.exec(label)
  if (!match) return Number.NaN
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

interface Span {
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
}

class SessionReader {
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #offsetMin: number
  readonly #hasSleepSegments: boolean

  constructor(intake: Intake, offsetMin: number, hasSleepSegments: boolean) {
    this.#intake = intake
    this.#measurements = new Measurements(intake)
    this.#offsetMin = offsetMin
    this.#hasSleepSegments = hasSleepSegments
  }

  take(session: unknown, place: Place): void {
    if (!isObject(session)) {
      this.#measurements.refuse('it is no object', place)
      return
    }
    const span = this.#span(session)
    const activity = activityOf(session)
    const isKept = activity.startsWith('sleep')
      ? this.#sleep(session, span, place)
      : this.#activity(session, activity, span, place)
    if (isKept && this.#intake.begin(0)) {
      this.#intake.keep('google-fit session', place.where(), finite(span.startMs), place.raw)
    }
  }

  /** True when something was taken, so that the session itself is kept beside it. */
  #activity(session: JsonObject, activity: string, span: Span, place: Place): boolean {
    if (activity === '' || noExercise.test(activity)) {
      this.#measurements.unmapped(
        `google-fit ${activity || 'session'}`.slice(0, 80),
        finite(span.startMs),
        place,
      )
      return false
    }
    const seconds = span.durationMs / 1000
    const active = secondsOf(textAt(session, 'duration'))
    const isMindful = mindful.test(activity)
    const value = active > 0 && active <= seconds ? active : seconds
    const extra = { context: activity.slice(0, 100), ...totalsOf(session) }
    const metric = isMindful ? 'mindful_minutes' : 'workout'
    this.#measurements.take({ metric, unit: 's', source: sums.activities, ...span, value, extra }, place)
    return true
  }

  #sleep(session: JsonObject, whole: Span, place: Place): boolean {
    const segments = listAt(session, 'segment').flatMap((segment) => {
      const stage = activityOf(segment).replace(/^sleep_?/, '')
      return Object.hasOwn(stages, stage) ? [{ segment, stage }] : []
    })
    if (segments.some(({ stage }) => stage !== '')) {
      for (const { segment, stage } of segments) {
        this.#stage(stages[stage] as string, this.#span(segment), jsonPlace(segment, place.where()))
      }
      return true
    }
    // The stages are in the stream of sleep segments: the night as a whole would count it twice.
    if (this.#hasSleepSegments) {
      this.#measurements.unmapped('google-fit sleep', finite(whole.startMs), place)
      return false
    }
    this.#stage('sleep_asleep', whole, place)
    return true
  }

  #stage(metric: string, span: Span, place: Place): void {
    const value = span.durationMs / 1000
    this.#measurements.take({ metric, unit: 's', source: sums.activities, ...span, value }, place)
  }

  #span(value: unknown): Span {
    const startMs = instantOf(textAt(value, 'startTime'))
    const endMs = instantOf(textAt(value, 'endTime'))
    const isStated = this.#intake.options.zone === undefined && Number.isFinite(this.#offsetMin)
    const offsetMin = isStated
      ? this.#offsetMin
      : this.#intake.zone().at(Number.isFinite(startMs) ? startMs : 0)
    return { startMs, durationMs: endMs - startMs, offsetMin }
  }
}

/** `walking`, `running.treadmill`, `SLEEP` → `running_treadmill`. */
function activityOf(value: unknown): string {
  const text = textAt(value, 'fitnessActivity')
  return snakeCase(/[a-z]/.test(text) ? text : text.toLowerCase())
}

function instantOf(text: string): number {
  const read = readWallTime(text)
  return read === undefined ? Number.NaN : instantWithOffset(read.wallMs, read.offsetMin ?? 0)
}

/** `1102.671s`; NaN for all else. */
function secondsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text)
  return match ? Number(match[1]) : Number.NaN
}

/** Totals beside the observation: their sums are those of the days already. */
function totalsOf(session: JsonObject): { readonly meta?: Readonly<Record<string, string>> } {
  const meta: Record<string, string> = {}
  for (const total of listAt(session, 'aggregate')) {
    const name = textAt(total, 'metricName').replace(/^com\.google\./, '')
    const whole = numberAt(total, 'intValue')
    const value = Number.isNaN(whole) ? shortestFloat(numberAt(total, 'floatValue')) : whole
    if (name !== '' && Number.isFinite(value)) meta[name.slice(0, 60)] = String(value)
  }
  const title = textAt(session, 'name')
  if (title !== '') meta['name'] = title.slice(0, 200)
  return Object.keys(meta).length === 0 ? {} : { meta }
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null
}
