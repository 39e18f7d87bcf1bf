/** From a slice of FIT messages to named fields, by the official SDK and its profile. */
import { Decoder, Profile, Stream } from '@garmin/fitsdk'
import type { FitSlice } from './container.ts'

/** A message's fields by the profile's names: numbers scaled, enumerations as words, times as FIT seconds. */
export type FitMessage = Readonly<Record<string, unknown>>

/** Messages by the profile's list name: `recordMesgs`. */
export type FitMessages = Readonly<Record<string, readonly FitMessage[]>>

export interface DecodedSlice {
  readonly messages: FitMessages
  /** Messages that the SDK could not decode. */
  readonly lost: number
}

interface ProfileFields {
  readonly messages: Readonly<Record<number, unknown>>
}

/** Damaged messages of one slice that are cut out one by one; what follows more of them is given up. */
const maxCuts = 20

/** Whether the profile has a message of this number. */
export function isKnownMessage(message: number): boolean {
  return Object.hasOwn((Profile as unknown as ProfileFields).messages, message)
}

/** Decodes a slice. A message at which the SDK fails is left out and counted. */
export function decodeSlice(slice: FitSlice): DecodedSlice {
  let { bytes } = slice
  let spans = slice.spans
  let lost = 0
  for (;;) {
    let decoded = 0
    const { messages, errors } = new Decoder(Stream.fromBuffer(Buffer.from(bytes))).read({
      dataOnly: true,
      convertDateTimesToDates: false,
      // Chest straps that store beats (swimming) have them in messages of their own: the SDK puts them into the records.
      mergeHeartRates: true,
      mesgListener: () => {
        decoded++
      },
    })
    const total = spans.length / 2
    // Everything was decoded; what failed is the merging of beats.
    if (errors.length === 0 || decoded >= total) return { messages: messages as FitMessages, lost }
    lost++
    if (lost > maxCuts) return { messages: messages as FitMessages, lost: lost + total - decoded - 1 }
    const start = spans[2 * decoded] as number
    const length = (spans[2 * decoded + 1] as number) - start
    bytes = Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)])
    spans = spans.filter((_, index) => index >> 1 !== decoded).map((at) => (at > start ? at - length : at))
  }
}
