/** Track files (TCX, GPX): XML streamed, the file itself kept whole with its positions. */
import { TextDecoder } from 'node:util'
import { Failure } from '../foundation/index.ts'
import { asUtf8 } from './encoding.ts'
import type { InputMember } from './importer.ts'
import type { Intake } from './intake.ts'
import type { Place } from './measurements.ts'
import { memberChunks, memberLabel } from './member-chunks.ts'
import { attachmentOf, Collector } from './whole-member.ts'
import { ElementEvents, type ElementHandler } from './xml/element-events.ts'

/** A day of one-second points has 40 MB; what is larger is read, but not kept beside its values. */
const maxKeptBytes = 32 * 1024 * 1024

export interface TrackFile {
  /** Kind under `kept`. */
  readonly kind: string
  readonly mediaType: string
}

/** Streams a member through a handler, tells damage, and keeps the file. */
export async function readTrackFile(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  file: TrackFile,
  handler: ElementHandler,
): Promise<void> {
  const label = memberLabel(member.name)
  const collector = new Collector(maxKeptBytes)
  const events = new ElementEvents(handler)
  const decoder = new TextDecoder('utf-8')
  try {
    for await (const chunk of asUtf8(kept(memberChunks(member, intake, totalBytes), collector))) {
      events.push(decoder.decode(chunk, { stream: true }))
    }
    if (intake.interrupted) return
    events.finish()
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    events.damage ||= cause.message
  }
  if (events.damage !== '') {
    const reason = `${events.damage}; what comes before was read`
    intake.complain({ where: label, reason, raw: '', code: 'REFUSED_INPUT' })
  }
  const bytes = collector.bytes()
  if (!intake.begin(0)) return
  if (bytes) intake.attach(file.kind, attachmentOf(member.name, file.mediaType, bytes))
  else intake.note(`${label} is too large to be kept whole: its positions stay in the file alone`)
}

async function* kept(chunks: AsyncIterable<Uint8Array>, collector: Collector): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    collector.add(chunk)
    yield chunk
  }
}

/** The beginning of a file as text; two-byte encodings are looked through. */
export function looksLikeRoot(head: Uint8Array, root: RegExp): boolean {
  return root.test(Buffer.from(head).toString('latin1').replaceAll('\0', ''))
}

/** The instant of an ISO 8601 time with a zone; NaN for all else. */
export function instantOf(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/

/** A number as XML Schema writes it; NaN for all else. */
export function xmlNumber(text: string): number {
  return decimal.test(text) && text.length <= 60 ? Number(text) : Number.NaN
}

/**
 * The shortest decimal that is the same 32-bit float: devices store floats, and writers print them as doubles
 * (`1.4459999799728394` for 1.446). Other numbers stay as they are.
 */
export function shortestFloat(value: number): number {
  if (Math.fround(value) !== value) return value
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** The place of a point: `run.tcx:42`. */
export function linePlace(label: string, line: number, raw: string): Place {
  return { where: () => `${label}:${line}`, raw: () => raw }
}
