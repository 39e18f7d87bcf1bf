/**
 * Instants of Dexcom readings. The file has the display's wall clock without a zone, and the seconds since the
 * transmitter was started. The clock of the transmitter knows neither zones nor summer time, so it tells which of two
 * equal wall times came first, and when the display changed to another zone.
 *
 * The first reading of a transmitter is placed by the zone. Each later one is expected the elapsed seconds after it;
 * where wall clock and expectation differ by whole quarters of an hour, that is the new offset.
 */

import { minuteMs, type ZoneOffsets } from '../../foundation/index.ts'

const quarterMin = 15
/** Display and transmitter drift apart by some seconds a day. */
const toleratedMin = 3
const maxOffsetMin = 14 * 60

interface Anchor {
  instantMs: number
  elapsedS: number
}

export class TransmitterClock {
  readonly #zone: ZoneOffsets
  readonly #anchors = new Map<string, Anchor>()
  /** Of the last reading. */
  instantMs = 0
  offsetMin = 0
  /** The display's clock was not that of the zone. */
  isShifted = false

  constructor(zone: ZoneOffsets) {
    this.#zone = zone
  }

  /** Places a wall time; `elapsedS` is NaN where the file has none. */
  place(wallMs: number, transmitter: string, elapsedS: number): void {
    const byZone = this.#zone.instantOf(wallMs)
    this.instantMs = byZone
    this.offsetMin = this.#zone.at(byZone)
    this.isShifted = false
    if (Number.isNaN(elapsedS) || transmitter === '') return
    const anchor = this.#anchors.get(transmitter)
    if (anchor) this.#compare(wallMs, anchor.instantMs + (elapsedS - anchor.elapsedS) * 1000)
    // Anchoring anew at every reading keeps the drift small.
    this.#anchors.set(transmitter, { instantMs: this.instantMs, elapsedS })
  }

  #compare(wallMs: number, expectedMs: number): void {
    const impliedMin = (wallMs - expectedMs) / minuteMs
    const offsetMin = Math.round(impliedMin / quarterMin) * quarterMin
    const isPlausible =
      Math.abs(impliedMin - offsetMin) <= toleratedMin && Math.abs(offsetMin) <= maxOffsetMin
    if (!isPlausible || offsetMin === this.offsetMin) return
    this.instantMs = wallMs - offsetMin * minuteMs
    this.isShifted = this.#zone.at(this.instantMs) !== offsetMin
    this.offsetMin = offsetMin
  }
}
