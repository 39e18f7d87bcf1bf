/**
 * What records carry beside their value: `MetadataEntry` children and lists of heart beats.
 *
 * Most records share a handful of metadata (motion context, time zone), so the extra is found by the bytes of the
 * children and made once. Identifiers that only serve synchronisation between devices are left out: they are new
 * for every record and say nothing about the person.
 */

import { ZoneOffsets } from '../../foundation/index.ts'
import { type Extra, emptyExtra, extraToText, isEmptyExtra } from '../../records/index.ts'
import type { Intake } from '../intake.ts'
import type { ElementTape } from '../xml/element-tape.ts'
import { hashBytes, sameBytes } from '../xml/name-table.ts'
import { attribute, element } from './names.ts'

/** The extra of a record as canonical JSON ('' for none), and the zone that gives its local offsets. */
export interface RecordExtra {
  readonly text: string
  readonly offsets: ZoneOffsets | null
}

interface Memo {
  readonly bytes: Uint8Array
  readonly extra: RecordExtra
}

const synchronisationKeys: ReadonlySet<string> = new Set([
  'HKMetadataKeySyncIdentifier',
  'HKMetadataKeySyncVersion',
  'HKExternalUUID',
  'HKMetadataKeyExternalUUID',
])

/** Longer children (lists of beats) are unique; remembering them would only fill memory. */
const maxMemoBytes = 1024
const maxMemos = 20_000
const maxZones = 500

export class Extras {
  readonly #intake: Intake
  readonly #none: RecordExtra
  readonly #default: ZoneOffsets | null
  readonly #zones = new Map<string, ZoneOffsets | null>()
  #memos = new Map<number, Memo>()

  /** Fails with USAGE when the zone option names no zone. */
  constructor(intake: Intake) {
    this.#intake = intake
    this.#default = intake.options.zone === undefined ? null : new ZoneOffsets(intake.options.zone)
    this.#none = { text: '', offsets: this.#default }
  }

  /** The extra of a record without children. */
  get none(): RecordExtra {
    return this.#none
  }

  /** The extra of a node with the nodes inside it. */
  read(tape: ElementTape, node: number): RecordExtra {
    const start = tape.nodeContent[node] as number
    const end = tape.nodeEnd[node] as number
    if (start === end) return this.#none
    if (end - start > maxMemoBytes) return this.#make(tape, node)
    const hash = hashBytes(tape.bytes, start, end)
    const known = this.#memos.get(hash)
    if (known && sameBytes(known.bytes, tape.bytes, start, end)) return known.extra
    if (this.#memos.size >= maxMemos) this.#memos = new Map()
    const extra = this.#make(tape, node)
    this.#memos.set(hash, { bytes: Uint8Array.from(tape.bytes.subarray(start, end)), extra })
    return extra
  }

  /** Turns meta entries into a record's extra: the time zone goes to its own field. */
  from(meta: Map<string, string>, more: Extra = emptyExtra): RecordExtra {
    const zone = meta.get('HKTimeZone')
    const offsets = zone === undefined ? undefined : this.#zone(zone)
    if (offsets) meta.delete('HKTimeZone')
    const extra: Extra = {
      ...more,
      ...(offsets && zone !== undefined ? { zone } : {}),
      ...(meta.size > 0 ? { meta: Object.fromEntries(meta) } : {}),
    }
    return { text: isEmptyExtra(extra) ? '' : extraToText(extra), offsets: offsets ?? this.#default }
  }

  #make(tape: ElementTape, node: number): RecordExtra {
    const meta = readMetadata(tape, node)
    const beats = readBeats(tape, node)
    if (beats !== '') meta.set('beats', beats)
    return this.from(meta)
  }

  #zone(name: string): ZoneOffsets | null {
    const known = this.#zones.get(name)
    if (known !== undefined) return known
    let offsets: ZoneOffsets | null = null
    try {
      offsets = new ZoneOffsets(name)
    } catch {
      this.#intake.note(`the time zone "${name.slice(0, 40)}" is not known; the offset in the file was used`)
    }
    if (this.#zones.size < maxZones) this.#zones.set(name, offsets)
    return offsets
  }
}

/** The metadata of a node by key: entries one level below it. */
export function readMetadata(tape: ElementTape, node: number): Map<string, string> {
  const meta = new Map<string, string>()
  const depth = (tape.nodeDepth[node] as number) + 1
  for (let n = node + 1; isInside(tape, n, node); n++) {
    if (tape.nodeName[n] !== element.metadataEntry || tape.nodeDepth[n] !== depth) continue
    const key = tape.text(tape.find(n, attribute.key))
    if (key !== '' && !synchronisationKeys.has(key)) meta.set(key, tape.text(tape.find(n, attribute.value)))
  }
  return meta
}

/** Whether node `n` exists and lies inside `node`. Nodes are in document order. */
export function isInside(tape: ElementTape, n: number, node: number): boolean {
  return n < tape.nodes && (tape.nodeStart[n] as number) < (tape.nodeEnd[node] as number)
}

/** `61@27461.86 62+0.98 …`: beats per minute at the seconds of the day, then with the seconds since the one before. */
function readBeats(tape: ElementTape, node: number): string {
  const parts: string[] = []
  let before = Number.NaN
  for (let n = node + 1; isInside(tape, n, node); n++) {
    if (tape.nodeName[n] !== element.beat) continue
    const bpm = tape.text(tape.find(n, attribute.bpm))
    const time = tape.text(tape.find(n, attribute.time))
    const centiseconds = readClock(time)
    if (Number.isNaN(centiseconds)) parts.push(`${bpm}@${time.replaceAll(' ', '_')}`)
    else if (Number.isNaN(before)) parts.push(`${bpm}@${centiseconds / 100}`)
    else parts.push(`${bpm}+${(centiseconds - before) / 100}`)
    before = centiseconds
  }
  return parts.join(' ')
}

/** `7:47:41.86 AM`, `07:47:41,86` → centiseconds of the day; NaN for other writings. */
function readClock(text: string): number {
  const match = /^(\d{1,2}):(\d{2}):(\d{2})[.,](\d{2})(?:\s?([AP])M)?$/i.exec(text)
  if (!match) return Number.NaN
  const half = match[5]?.toUpperCase()
  const hour = half ? (Number(match[1]) % 12) + (half === 'P' ? 12 : 0) : Number(match[1])
  return ((hour * 60 + Number(match[2])) * 60 + Number(match[3])) * 100 + Number(match[4])
}
