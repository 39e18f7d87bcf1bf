/**
 * Identity of observations: natural key, its text, and the id shown to people.
 *
 * Frozen: ids are written into exports and typed by people, so neither the text under the hash nor the hash may
 * change. The id is `<metric>.<start, ms, base 36>.<hash>`; it says where the record is (metric and time), so no
 * index is needed to find it. The hash only tells apart observations of one metric that start in the same
 * millisecond: 50 bits over device, app, unit, duration and discriminator. With n such rows, two share an id with
 * odds n²/2⁵¹ (a thousand rows in one millisecond: 1 in 2 000 million). It is no protection against somebody who
 * crafts collisions, and nothing relies on it for that.
 */
import { Failure } from '../foundation/index.ts'
import type { ObservationRef } from './change.ts'
import { rowExtra } from './extra.ts'
import type { SeriesColumns } from './observation.ts'

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const idPattern = /^([a-z][a-z0-9_]*)\.(-?[0-9a-z]{1,12})\.([0-9a-hjkmnp-tv-z]{10})$/

/** The id of an observation, fixed at its creation: edits do not change it. */
export function observationId(ref: ObservationRef): string {
  const { metric, source, unit } = ref.series
  const discriminator = discriminatorText(ref.discriminator)
  const text = [source.device, source.app, unit, String(ref.durationMs), discriminator].join('\u0000')
  return `${metric}.${ref.startMs.toString(36)}.${hashText(text)}`
}

/** What an id says. Fails with USAGE on anything that is no id. */
export function parseObservationId(id: string): {
  readonly metric: string
  readonly startMs: number
  readonly hash: string
} {
  const match = idPattern.exec(id)
  const startMs = match === null ? Number.NaN : Number.parseInt(match[2] as string, 36)
  if (match === null || !Number.isSafeInteger(startMs)) {
    throw new Failure('USAGE', 'this is no id of a record', { hint: 'healthmate list --json shows ids' })
  }
  return { metric: match[1] as string, startMs, hash: match[3] as string }
}

/** The natural key of a row: what it was before any edit. */
export function refOf(part: SeriesColumns, row: number): ObservationRef {
  const { series, columns } = part
  const extra = rowExtra(columns, row)
  const values = extra.original ?? columns.values.map((column) => column[row] as number)
  return {
    series,
    startMs: extra.originalTime?.[0] ?? (columns.startMs[row] as number),
    durationMs: extra.originalTime?.[1] ?? (columns.durationMs[row] as number),
    discriminator: extra.key ?? values,
  }
}

/** The natural key within a series as text: equal exactly for the same observation. */
export function identityText(ref: Pick<ObservationRef, 'startMs' | 'durationMs' | 'discriminator'>): string {
  return `${ref.startMs}:${ref.durationMs}:${discriminatorText(ref.discriminator)}`
}

function discriminatorText(discriminator: readonly number[] | string): string {
  if (typeof discriminator === 'string') return `k${discriminator}`
  // The shortest decimal that reads back as the same double is unique but for the sign of zero.
  return `v${discriminator.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(',')}`
}

/**
 * 50 bits of a 64-bit mix over UTF-16 code units as 10 characters of Crockford base32: two 32-bit lanes of
 * multiply and xor, each finalised as MurmurHash3 does (Austin Appleby, public domain).
 */
function hashText(text: string): string {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x5bd1e995)
    high ^= high >>> 15
  }
  const mixedLow = finalMix(low ^ Math.imul(high, 0x85ebca6b))
  const mixedHigh = finalMix(high ^ Math.imul(low, 0xc2b2ae35))
  let id = ''
  for (let shift = 0; shift < 25; shift += 5) id += base32[(mixedLow >>> shift) & 31]
  for (let shift = 0; shift < 25; shift += 5) id += base32[(mixedHigh >>> shift) & 31]
  return id
}

function finalMix(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
