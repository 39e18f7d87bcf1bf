/**
 * Monitoring files (FIT profile, monitoring): heart rate over the day, and counters of steps, distance and energy.
 *
 * Counters tell the sum since midnight for each kind of activity; what a person does is the difference to the value
 * before. A first value at the very start of a file repeats what the file before it said; a counter that falls began
 * anew at midnight.
 */
import { dayMs, minuteMs } from '../../foundation/index.ts'
import type { Place } from '../measurements.ts'
import type { FitContext } from './context.ts'
import type { FitMessage, FitMessages } from './decode.ts'
import { fitTime, numberOf, wordOf } from './facts.ts'

const epochMs = 631_065_600_000

interface Counter {
  readonly metric: string
  readonly unit: string
  readonly field: string
  /** Only for these kinds of activity; all where absent. */
  readonly activities?: ReadonlySet<string>
}

const onFoot: ReadonlySet<string> = new Set(['walking', 'running'])

const counters: readonly Counter[] = [
  { metric: 'steps', unit: '{steps}', field: 'steps' },
  { metric: 'distance_walking_running', unit: 'm', field: 'distance', activities: onFoot },
  { metric: 'distance_cycling', unit: 'm', field: 'distance', activities: new Set(['cycling']) },
  { metric: 'active_energy', unit: 'kcal', field: 'activeCalories' },
  { metric: 'elevation_gain', unit: 'm', field: 'ascent' },
  { metric: 'wheelchair_pushes', unit: '{pushes}', field: 'pushes' },
]

/** Metrics that counters can become. */
export const counterMetrics: readonly string[] = counters.map(({ metric }) => metric)

/** On foot a cycle is two steps; the SDK names them only where the kind of activity is a field of its own. */
function stepsOf(message: FitMessage, activity: string): number {
  const steps = numberOf(message['steps'])
  return Number.isNaN(steps) && onFoot.has(activity) ? 2 * numberOf(message['cycles']) : steps
}

interface LastValue {
  readonly ms: number
  readonly value: number
}

export class Monitoring {
  readonly #context: FitContext
  readonly #last = new Map<string, LastValue>()
  #lastMs = Number.NaN
  #startMs: number

  constructor(context: FitContext) {
    this.#context = context
    this.#startMs = context.facts.monitoringStartMs
  }

  take(messages: FitMessages): void {
    for (const message of messages['monitoringMesgs'] ?? []) this.#message(message)
  }

  #message(message: FitMessage): void {
    const context = this.#context
    const ms = this.#time(message)
    const place = context.place('monitoring', message)
    let taken = 0
    const heartRate = numberOf(message['heartRate'])
    if (heartRate > 0) {
      context.take('heart_rate', '/min', heartRate, ms, place)
      taken++
    }
    const activity = wordOf(message['activityType'])
    for (const counter of counters) {
      const value = counter.field === 'steps' ? stepsOf(message, activity) : numberOf(message[counter.field])
      if (Number.isNaN(value) || (counter.activities && !counter.activities.has(activity))) continue
      this.#count(counter, activity, value, ms, place)
      taken++
    }
    if (taken === 0) context.measurements.unmappedInFile('monitoring', ms)
  }

  /** The message's time: whole, or its low 16 bits after the time before. */
  #time(message: FitMessage): number {
    const full = fitTime(message['timestamp'])
    const low = numberOf(message['timestamp16'])
    if (!Number.isNaN(full)) this.#lastMs = full
    else if (!Number.isNaN(low)) {
      const base = Number.isNaN(this.#lastMs) ? this.#startMs : this.#lastMs
      const seconds = (base - epochMs) / 1000
      this.#lastMs = base + (((low - (seconds % 0x10000) + 0x10000) % 0x10000) * 1000 || 0)
    }
    if (Number.isNaN(this.#startMs)) this.#startMs = this.#lastMs
    return this.#lastMs
  }

  #count(counter: Counter, activity: string, value: number, ms: number, place: Place): void {
    const { measurements } = this.#context
    const key = `${counter.field}\0${activity}`
    const last = this.#last.get(key)
    if (Number.isNaN(ms)) {
      measurements.refuse('it has no time', place, 'DATE')
      return
    }
    this.#last.set(key, { ms, value })
    const isFirst = last === undefined
    const hasBegunAnew = last !== undefined && value < last.value
    const before = isFirst || hasBegunAnew ? 0 : last.value
    const fromMs = isFirst ? this.#startMs : hasBegunAnew ? Math.max(last.ms, this.#midnight(ms)) : last.ms
    const isRepeated = isFirst && ms - this.#startMs < minuteMs
    if (isRepeated || value === before) {
      measurements.merge()
      return
    }
    const startMs = Math.min(fromMs, ms)
    this.#context.take(counter.metric, counter.unit, value - before, startMs, place, {
      durationMs: ms - startMs,
      source: this.#context.facts.sources.counters,
    })
  }

  #midnight(ms: number): number {
    const offsetMs = this.#context.offsetAt(ms) * minuteMs
    return Math.floor((ms + offsetMs) / dayMs) * dayMs - offsetMs
  }
}
