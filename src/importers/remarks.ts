/** What an import tells beside its counts: refusals with their place, notes, facts offered to the profile. */
import type { Refusal } from '../records/index.ts'
import type { ProfileOffer } from './importer.ts'

/** Refusals that are listed one by one; further ones are counted. */
const maxListedRefusals = 1000
const maxRawLength = 200

export class Remarks {
  readonly refusals: Refusal[] = []
  readonly #profile = new Map<string, ProfileOffer>()
  readonly #notes = new Map<string, number>()
  #unlisted = 0

  refuse(refusal: Refusal): void {
    if (this.refusals.length < maxListedRefusals) {
      this.refusals.push({ ...refusal, raw: refusal.raw.slice(0, maxRawLength) })
    } else this.#unlisted++
  }

  note(text: string, count: number): void {
    this.#notes.set(text, (this.#notes.get(text) ?? 0) + count)
  }

  /** Notes it unless it was noted before. */
  noteOnce(text: string): void {
    this.#notes.set(text, 1)
  }

  /** The last offer of a field wins. */
  offer(offer: ProfileOffer): void {
    this.#profile.set(offer.field, offer)
  }

  get profile(): readonly ProfileOffer[] {
    return [...this.#profile.values()]
  }

  /** Each note once, with how often it applies. */
  get notes(): readonly string[] {
    const notes = [...this.#notes]
    if (this.#unlisted > 0) notes.push(['further refusals are counted but not listed', this.#unlisted])
    return notes.map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`))
  }
}
