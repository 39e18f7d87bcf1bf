/** What a FIT file says about itself, read before its measurements: device, sport, local time, people. */
import { minuteMs } from '../../foundation/index.ts'
import { type DeviceSources, deviceSources, garminDevice, makerTitle } from '../activity-sources.ts'
import { type SportMetrics, snakeCase, sportMetrics } from '../activity-sports.ts'
import type { FitMessage, FitMessages } from './decode.ts'

/** Seconds from the Unix epoch to 1989-12-31T00:00:00Z, the FIT epoch. */
const epochSeconds = 631_065_600
/** Smaller numbers are seconds since the device was switched on (FIT profile, date_time). */
const firstDate = 0x10000000
const quarterMin = 15
const maxOffsetMin = 18 * 60

/** Messages that hold these facts, by number. */
export const factMessages: ReadonlySet<number> = new Set([0, 3, 12, 18, 30, 34, 51, 103])

export interface FitSession {
  readonly startMs: number
  readonly endMs: number
  readonly sport: string
  readonly metrics: SportMetrics
}

export interface FitFacts {
  /** False for a part that continues the FIT file before it (heart beats of a swim, sent later). */
  readonly hasFileId: boolean
  /** `activity`, `monitoringB`, `weight`…; '' when the file does not say. */
  readonly fileType: string
  readonly sources: DeviceSources
  /** Minutes east of UTC where the recording was made; null when the file does not say. */
  readonly offsetMin: number | null
  readonly sessions: readonly FitSession[]
  /** The messages behind `sessions`, in the same order. */
  readonly sessionMessages: readonly FitMessage[]
  /** Of what no session covers. */
  readonly sport: SportMetrics
  /** Start of a monitoring file; NaN where there is none. */
  readonly monitoringStartMs: number
  /** People whose weight or blood pressure is in the file: index of the user profile → name, '' where it has none. */
  readonly people: ReadonlyMap<unknown, string>
  readonly sex: 'female' | 'male' | null
}

/** FIT seconds as ms since the Unix epoch; NaN for what is no date. */
export function fitTime(value: unknown): number {
  return typeof value === 'number' && value >= firstDate && value < 0xffffffff
    ? Math.round((value + epochSeconds) * 1000)
    : Number.NaN
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Gathers facts over the slices of one section. */
export class FactReader {
  readonly #lists = new Map<string, FitMessage[]>()

  add(messages: FitMessages): void {
    for (const [name, list] of Object.entries(messages)) {
      const known = this.#lists.get(name)
      if (known) known.push(...list)
      else this.#lists.set(name, [...list])
    }
  }

  facts(): FitFacts {
    const fileId = this.#first('fileIdMesgs')
    const sport = this.#first('sportMesgs')
    const sessions = this.#list('sessionMesgs').map(readSession)
    const profile = this.#list('userProfileMesgs')
    const gender = profile.length === 1 ? profile[0]?.['gender'] : undefined
    const ownSport = sport ? sportText(sport['sport'], sport['subSport']) : ''
    return {
      hasFileId: fileId !== undefined,
      fileType: wordOf(fileId?.['type']),
      sources: sourcesOf(fileId),
      offsetMin: this.#offset(),
      sessions,
      sessionMessages: this.#list('sessionMesgs'),
      sport: sportMetrics(ownSport === '' ? (sessions[0]?.sport ?? '') : ownSport),
      monitoringStartMs: fitTime(this.#first('monitoringInfoMesgs')?.['timestamp']),
      people: this.#people(),
      sex: gender === 'female' || gender === 'male' ? gender : null,
    }
  }

  #list(name: string): readonly FitMessage[] {
    return this.#lists.get(name) ?? []
  }

  #first(name: string): FitMessage | undefined {
    return this.#lists.get(name)?.[0]
  }

  #offset(): number | null {
    for (const message of [...this.#list('activityMesgs'), ...this.#list('monitoringInfoMesgs')]) {
      const local = numberOf(message['localTimestamp'])
      const utc = numberOf(message['timestamp'])
      if (!(local >= firstDate && utc >= firstDate)) continue
      const minutes = Math.round(((local - utc) * 1000) / minuteMs / quarterMin) * quarterMin
      if (Math.abs(minutes) <= maxOffsetMin) return minutes
    }
    return null
  }

  #people(): ReadonlyMap<unknown, string> {
    const names = new Map<unknown, string>(
      this.#list('userProfileMesgs').map((profile, position) => [
        profile['messageIndex'] ?? position,
        wordOf(profile['friendlyName']).trim(),
      ]),
    )
    const people = new Map<unknown, string>()
    for (const list of ['weightScaleMesgs', 'bloodPressureMesgs']) {
      for (const { userProfileIndex: index } of this.#list(list)) people.set(index, names.get(index) ?? '')
    }
    return people
  }
}

/** `cycling`; the sub-sport where the sport only says that there was a machine. */
export function sportText(sport: unknown, subSport: unknown): string {
  const main = snakeCase(wordOf(sport))
  const sub = snakeCase(wordOf(subSport))
  if (sub === '' || sub === 'generic') return main
  return main === '' || main === 'generic' || main === 'fitness_equipment' ? sub : main
}

function readSession(message: FitMessage): FitSession {
  const elapsedMs = numberOf(message['totalElapsedTime']) * 1000
  const stampMs = fitTime(message['timestamp'])
  const statedMs = fitTime(message['startTime'])
  const startMs = Number.isNaN(statedMs) ? stampMs - elapsedMs : statedMs
  const sport = sportText(message['sport'], message['subSport'])
  const endMs = Number.isNaN(elapsedMs) ? stampMs : startMs + elapsedMs
  return { startMs, endMs, sport, metrics: sportMetrics(sport) }
}

function sourcesOf(fileId: FitMessage | undefined): DeviceSources {
  const maker = wordOf(fileId?.['manufacturer'])
  const name = fileId?.['productName']
  const product = typeof name === 'string' ? name : Array.isArray(name) ? wordOf(name[0]) : ''
  if (maker === 'garmin') {
    return deviceSources('Garmin', garminDevice(product || wordOf(fileId?.['garminProduct'])), 'FIT')
  }
  const title = makerTitle(maker)
  const model = product || String(fileId?.['product'] ?? '')
  const device = [title, model].filter((part) => part !== '').join(' ')
  return deviceSources(title || 'FIT', device, 'FIT')
}
