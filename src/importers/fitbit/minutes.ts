/** Heart rate and counts by minute: the tens of millions of records of an export. */
import { minuteMs } from '../../foundation/index.ts'
import { encodingOf, utf8Chunks } from '../delimited/text.ts'
import type { InputMember } from '../importer.ts'
import type { SeriesHandle } from '../intake.ts'
import { isObject, numberAt, own, textAt } from '../json/member-values.ts'
import { memberChunks, memberLabel } from '../member-chunks.ts'
import type { FitbitContext, Moment } from './context.ts'
import { FlatRecords } from './flat-records.ts'
import { isMidnight, StampReader } from './stamp.ts'

interface Quantity {
  readonly metric: string
  readonly unit: string
  readonly durationMs: number
}

const heartRate: Quantity = { metric: 'heart_rate', unit: '/min', durationMs: 0 }

/** Counts of a minute, by family. */
const counts: Readonly<Record<string, Quantity>> = {
  steps: { metric: 'steps', unit: '{steps}', durationMs: minuteMs },
  distance: { metric: 'distance_walking_running', unit: 'cm', durationMs: minuteMs },
  calories: { metric: 'total_energy', unit: 'kcal', durationMs: minuteMs },
  // Feet that were climbed: ten for each floor.
  altitude: { metric: 'elevation_gain', unit: '[ft_i]', durationMs: minuteMs },
  floors: { metric: 'flights_climbed', unit: '{floors}', durationMs: minuteMs },
}

/** Metrics that these files can become. */
export const minuteMetrics: readonly string[] = [
  'heart_rate',
  ...Object.values(counts).map(({ metric }) => metric),
]

/** What the records of a family are; undefined for one that does not count minutes. */
export function countOf(family: string): Quantity | undefined {
  return Object.hasOwn(counts, family) ? counts[family] : undefined
}

/**
 * Reads a file of heart rates, or of the counts of a family. Times are UTC. Only calories, which have a record for every
 * minute, are stamped in local time: their files begin at midnight then.
 */
export async function readMinutes(
  context: FitbitContext,
  member: InputMember,
  family: string,
  totalBytes: number | null,
): Promise<void> {
  const { intake } = context
  const taker = new MinuteTaker(context, family, memberLabel(member.name))
  const records = new FlatRecords(taker)
  const head = await member.head()
  const chunks = memberChunks(member, intake, totalBytes)
  for await (const chunk of utf8Chunks(chunks, encodingOf(head))) records.push(chunk)
  if (!intake.interrupted) records.finish()
}

class MinuteTaker {
  readonly #context: FitbitContext
  readonly #label: string
  readonly #mayBeLocal: boolean
  readonly #handle: SeriesHandle
  readonly #durationMs: number
  readonly #stamps = new StampReader()
  #isLocal: boolean | undefined

  constructor(context: FitbitContext, family: string, label: string) {
    const count = countOf(family)
    const { metric: id, unit, durationMs } = count ?? heartRate
    this.#context = context
    this.#label = label
    this.#mayBeLocal = family === 'calories'
    this.#durationMs = durationMs
    const source = count ? context.minutes : context.account
    this.#handle = context.series(id, unit, source)
  }

  record(stampMs: number, value: number, confidence: number, line: number, raw: () => string): void {
    const { intake } = this.#context
    if (!intake.begin(1)) return
    const { ms, offsetMin } = this.#moment(stampMs)
    // Confidence 0 says that the number is no reading.
    if (confidence === 0) {
      intake.unmapped('fitbit heart rate without confidence', this.#where(line), ms, raw)
      return
    }
    if (Number.isNaN(ms)) {
      intake.refuse(this.#where(line), 'its date cannot be read', raw(), 'DATE')
      return
    }
    const reason = intake.add(this.#handle, ms, this.#durationMs, offsetMin, value, 0, '')
    if (reason !== '') intake.refuse(this.#where(line), reason, raw())
  }

  other(text: string, line: number): void {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      this.refused(line, 'it is no JSON', text)
      return
    }
    if (!isObject(value)) this.refused(line, 'it is no object', text)
    else {
      const stated = own(value, 'value')
      const number = isObject(stated) ? numberAt(stated, 'bpm') : numberOf(stated)
      const stamp = this.#stamps.read(textAt(value, 'dateTime'))
      this.record(stamp, number, numberAt(stated, 'confidence'), line, () => text)
    }
  }

  refused(line: number, reason: string, raw: string): void {
    const { intake } = this.#context
    if (intake.begin(1)) intake.refuse(this.#where(line), reason, raw, 'REFUSED_INPUT')
  }

  #moment(stampMs: number): Moment {
    this.#isLocal ??= this.#mayBeLocal && isMidnight(stampMs)
    return this.#isLocal ? this.#context.ofWall(stampMs) : this.#context.ofUtc(stampMs)
  }

  #where(line: number): string {
    return `${this.#label}:${line}`
  }
}

/** A number, or a text that is one: the export writes `"4110"`. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/.test(value)) return Number.NaN
  return Number(value)
}
