/** Watches that count steps up over the day (convertCumulativeSteps of the app): what was walked since the last row. */

import { dayMs, minuteMs, type ZoneOffsets } from '../../foundation/index.ts'

export interface WalkedSteps {
  readonly startMs: number
  readonly durationMs: number
  readonly steps: number
}

/** Tables whose steps are the sum since local midnight. */
export function countsUp(table: string): boolean {
  return /^(?:GARMIN|CMF|OVTOUCH26)_ACTIVITY_SAMPLE$/.test(table)
}

export class StepCounter {
  readonly #zone: ZoneOffsets
  /** By device: the last count of the day, and when it was. */
  readonly #last = new Map<unknown, { readonly ms: number; readonly steps: number }>()

  constructor(zone: ZoneOffsets) {
    this.#zone = zone
  }

  /**
   * Steps since the row before, or since midnight for the first one of a day; a count that falls within a day began
   * anew. Rows come in order of time; undefined for one that does not.
   */
  walked(device: unknown, ms: number, steps: number): WalkedSteps | undefined {
    if (!Number.isFinite(ms)) return { startMs: Number.NaN, durationMs: 0, steps }
    const last = this.#last.get(device)
    if (last && ms < last.ms) return undefined
    this.#last.set(device, { ms, steps })
    const midnight = this.#midnightBefore(ms)
    if (!last || last.ms < midnight) return { startMs: midnight, durationMs: ms - midnight, steps }
    const walked = steps >= last.steps ? steps - last.steps : steps
    return { startMs: last.ms, durationMs: ms - last.ms, steps: walked }
  }

  /** A count at midnight is that of the day that ends. */
  #midnightBefore(ms: number): number {
    const wallMs = ms - 1 + this.#zone.at(ms - 1) * minuteMs
    return this.#zone.instantOf(Math.floor(wallMs / dayMs) * dayMs)
  }
}
