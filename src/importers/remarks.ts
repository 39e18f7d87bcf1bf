/** What an import tells beside its counts: refusals with their place, notes, facts offered to the profile. */
import type { Refusal } from '../records/index.ts'
import type { ProfileOffer, Unrecognised } from './importer.ts'

/** Refusals, and members that nobody recognises, which are listed one by one; further ones are counted. */
const maxListed = 1000
const maxRawLength = 200

export class Remarks {
  readonly refusals: Refusal[] = []
  readonly #profile = new Map<string, ProfileOffer>()
  readonly #notes = new Map<string, number>()
  readonly #topics = new Map<string, string>()
  readonly unrecognised: Unrecognised[] = []
  #unlisted = 0
  #unlistedMembers = 0

  refuse(refusal: Refusal): void {
    if (this.refusals.length < maxListed) {
      this.refusals.push({ ...refusal, raw: refusal.raw.slice(0, maxRawLength) })
    } else this.#unlisted++
  }

  unknown(member: Unrecognised): void {
    if (this.unrecognised.length < maxListed) this.unrecognised.push(member)
    else this.#unlistedMembers++
  }

  note(text: string, count: number): void {
    this.#notes.set(text, (this.#notes.get(text) ?? 0) + count)
  }

  /** Notes it unless it was noted before. */
  noteOnce(text: string): void {
    this.#notes.set(text, 1)
  }

  /** Notes something of a topic in place of what was noted of it before; '' takes that back. */
  noteOn(topic: string, text: string): void {
    this.#topics.set(topic, text)
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
    for (const text of this.#topics.values()) if (text !== '') notes.push([text, 1])
    if (this.#unlisted > 0) notes.push(['further refusals are counted but not listed', this.#unlisted])
    if (this.#unlistedMembers > 0) {
      notes.push(['further files of no known format are not listed', this.#unlistedMembers])
    }
    return notes.map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`))
  }
}
