/** The smoking status that an import offers to the profile: the latest one it tells. */
import type { EntityFact } from '../../fhir/index.ts'
import type { Intake } from '../intake.ts'
import { instantOf } from './revision.ts'

export class Smoking {
  readonly #intake: Intake
  #latestMs = Number.NEGATIVE_INFINITY

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** Offers the status where the fact tells one and none later was told. */
  meet({ fields, start }: EntityFact, where: string): void {
    const value = fields['smoking']
    const atMs = instantOf(start) ?? Number.NEGATIVE_INFINITY
    if (typeof value !== 'string' || atMs < this.#latestMs) return
    this.#latestMs = atMs
    this.#intake.offer({ field: 'smoking', value, where })
  }
}
