/** What every kind of FIT message needs to become measurements. */
import type { Source } from '../../records/index.ts'
import type { Intake } from '../intake.ts'
import type { Measurement, Measurements, Place } from '../measurements.ts'
import type { FitMessage } from './decode.ts'
import type { FitFacts } from './facts.ts'

export class FitContext {
  readonly intake: Intake
  readonly measurements: Measurements
  readonly facts: FitFacts
  readonly #label: string
  readonly #numbers = new Map<string, number>()

  constructor(intake: Intake, measurements: Measurements, facts: FitFacts, label: string) {
    this.intake = intake
    this.measurements = measurements
    this.facts = facts
    this.#label = label
  }

  /** The person's zone, else the offset that the file states, else the zone of this computer. */
  offsetAt(ms: number): number {
    const { offsetMin } = this.facts
    return this.intake.options.zone === undefined && offsetMin !== null
      ? offsetMin
      : this.intake.zone().at(Number.isFinite(ms) ? ms : 0)
  }

  /** The place of the next message of a kind: `run.fit:record 12`. */
  place(kind: string, message: FitMessage): Place {
    const number = (this.#numbers.get(kind) ?? 0) + 1
    this.#numbers.set(kind, number)
    return { where: () => `${this.#label}:${kind} ${number}`, raw: () => messageText(message) }
  }

  take(
    metric: string,
    unit: string,
    value: number,
    startMs: number,
    place: Place,
    more: Partial<Pick<Measurement, 'durationMs' | 'second' | 'extra'>> & { readonly source?: Source } = {},
  ): void {
    const offsetMin = this.offsetAt(startMs)
    const source = more.source ?? this.facts.sources.readings
    this.measurements.take({ metric, unit, value, startMs, offsetMin, ...more, source }, place)
  }
}

function messageText(message: FitMessage): string {
  return JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}
