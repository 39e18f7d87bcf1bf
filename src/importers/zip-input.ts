/**
 * A zip as input: read in place, never extracted.
 *
 * Guards (they hold whatever the archive claims): number of members, total size, ratio of sizes, overlapping
 * members, links, encrypted members, harmful names; while reading, no byte more than declared is let through, and
 * the checksum is compared at the end. A member that fails is refused with its reason, the others are read.
 */
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { Failure } from '../foundation/index.ts'
import type { Refusal } from '../records/index.ts'
import type { Archive, ArchiveShelf } from './archive.ts'
import type { InputMember } from './importer.ts'
import { isPackagingNoise, unsafeNameReason } from './member-name.ts'

export const zipLimits = {
  members: 1_000_000,
  /** Uncompressed, all members together. */
  totalBytes: 64 * 2 ** 30,
  /** Deflate reaches 1032:1 at most (zlib's own technical notes); more is a lie. */
  ratio: 1100,
  /** Below this size a ratio says nothing. */
  ratioFloorBytes: 1024 * 1024,
} as const

const headBytes = 64 * 1024
/** Members up to this size are unpacked at once. */
const smallBytes = 256 * 1024
/** Small members that are held between looking and reading, all together. */
const maxHeldBytes = 16 * 1024 * 1024
const inflateChunkBytes = 256 * 1024
/** Bytes of a local file header before its name (APPNOTE.TXT 4.3.7). */
const localHeaderBytes = 30
const stored = 0
const deflated = 8

export interface ZipInput {
  readonly members: readonly InputMember[]
  readonly refusals: readonly Refusal[]
}

/**
 * Judges the members of a zip. Fails with REFUSED_INPUT where the archive as a whole cannot be trusted. Names of the
 * members begin with `prefix`.
 */
export async function readDirectory(archive: Archive, shelf: ArchiveShelf, prefix = ''): Promise<ZipInput> {
  const { label } = archive
  const zip = await openArchive(archive, shelf)
  if (zip.entryCount > zipLimits.members) {
    throw refusedArchive(label, `it has ${zip.entryCount} members, more than ${zipLimits.members}`)
  }
  try {
    const { accepted, refusals } = await judge(zip, label)
    const open = () => shelf.zipOf(archive)
    const held = { bytes: 0 }
    const members = accepted.map(({ entry, name }) => zipMember(open, entry, prefix + name, held))
    return { members, refusals }
  } catch (cause) {
    throw cause instanceof Failure ? cause : refusedArchive(label, 'its directory is damaged', cause)
  }
}

async function openArchive(archive: Archive, shelf: ArchiveShelf): Promise<ZipFile> {
  try {
    return await shelf.zipOf(archive)
  } catch (cause) {
    throw cause instanceof Failure
      ? cause
      : refusedArchive(archive.label, 'it cannot be read as a zip', cause)
  }
}

interface Accepted {
  readonly entry: Entry
  readonly name: string
}

async function judge(
  zip: ZipFile,
  label: string,
): Promise<{ readonly accepted: readonly Accepted[]; readonly refusals: readonly Refusal[] }> {
  const refusals: Refusal[] = []
  const candidates: Accepted[] = []
  const spans: Span[] = []
  let total = 0
  for await (const entry of zip.eachEntry()) {
    const name = memberName(entry)
    if (name.endsWith('/') || isPackagingNoise(name)) continue
    spans.push({ start: entry.relativeOffsetOfLocalHeader, end: endOf(entry) })
    total += entry.uncompressedSize
    if (total > zipLimits.totalBytes) throw refusedArchive(label, 'it holds more than 64 GiB')
    const reason = unsafeNameReason(name) || unsafeEntryReason(entry)
    if (reason === '') candidates.push({ entry, name })
    else refusals.push(refusal(`${label}:${name}`, reason))
  }
  const overlapping = overlappingStarts(spans)
  const accepted = candidates.filter(({ entry, name }) => {
    if (!overlapping.has(entry.relativeOffsetOfLocalHeader)) return true
    refusals.push(refusal(`${label}:${name}`, 'it overlaps another member'))
    return false
  })
  return { accepted, refusals }
}

function unsafeEntryReason(entry: Entry): string {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3
  if (madeOnUnix && ((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000)
    return 'it is a symbolic link'
  if ((entry.generalPurposeBitFlag & 1) !== 0) return 'it is encrypted'
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
    return `its compression method ${entry.compressionMethod} is not read`
  }
  const isLarge = entry.uncompressedSize > zipLimits.ratioFloorBytes
  if (isLarge && entry.uncompressedSize > entry.compressedSize * zipLimits.ratio) {
    return `it claims to grow more than ${zipLimits.ratio}-fold`
  }
  return ''
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Starts of the members whose bytes another member claims too: one stored block unpacked many times. */
function overlappingStarts(spans: readonly Span[]): ReadonlySet<number> {
  const sorted = [...spans].sort((a, b) => a.start - b.start)
  const found = new Set<number>()
  let furthest: Span | undefined
  for (const span of sorted) {
    if (furthest && span.start < furthest.end) {
      found.add(span.start)
      found.add(furthest.start)
    }
    if (!furthest || span.end > furthest.end) furthest = span
  }
  return found
}

function endOf(entry: Entry): number {
  return entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.fileNameLength + entry.compressedSize
}

function memberName(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    // Not marked and not UTF-8: an old code page. The name is only shown and compared with ASCII patterns.
    return raw.toString('latin1')
  }
}

/**
 * A member of a zip. `held` counts the bytes of small members that were looked at and are held until they are read,
 * so that of many small files each is unpacked once.
 */
function zipMember(
  open: () => Promise<ZipFile>,
  entry: Entry,
  name: string,
  held: { bytes: number },
): InputMember {
  let own: Uint8Array | undefined
  const small = async () => own ?? (await smallContent(open, entry))
  return {
    name,
    size: entry.uncompressedSize,
    async head() {
      const whole = await small()
      if (!whole) return headOf(content(open, entry, name, false))
      if (!own && held.bytes + whole.length <= maxHeldBytes) {
        // A copy: the bytes may be a small part of a large buffer, which would be held with them.
        own = new Uint8Array(whole)
        held.bytes += whole.length
      }
      return whole.subarray(0, headBytes)
    },
    async *stream() {
      const whole = await small()
      held.bytes -= own?.length ?? 0
      own = undefined
      if (whole) yield whole
      else yield* content(open, entry, name, true)
    },
  }
}

/** The beginning of a member; of a damaged one what comes before the damage. */
export async function headOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of bytes) {
      parts.push(chunk)
      length += chunk.length
      if (length >= headBytes) break
    }
  } catch (cause) {
    // Reading the member for good meets the same damage and tells it.
    if (!(cause instanceof Failure)) throw cause
  }
  return Buffer.concat(parts).subarray(0, headBytes)
}

/** The member's bytes; at most as many as declared, and with their checksum compared when `whole`. */
async function* content(
  open: () => Promise<ZipFile>,
  entry: Entry,
  name: string,
  whole: boolean,
): AsyncGenerator<Uint8Array> {
  const zip = await open()
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false })
  const inflate = createInflateRaw({ chunkSize: inflateChunkBytes })
  const source = entry.compressionMethod === deflated ? pipeline(raw, inflate, () => {}) : raw
  let length = 0
  let checksum = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > entry.uncompressedSize) {
        yield chunk.subarray(0, chunk.length - (length - entry.uncompressedSize))
        throw damaged(name, 'it is larger than it claims')
      }
      if (whole) checksum = crc32(chunk, checksum)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof Failure ? cause : damaged(name, 'its compressed data is damaged', cause)
  } finally {
    raw.destroy()
    inflate.destroy()
  }
  if (!whole) return
  if (length !== entry.uncompressedSize) throw damaged(name, 'it is shorter than it claims')
  if (checksum !== entry.crc32) throw damaged(name, 'its checksum is wrong')
}

/**
 * A small member at once, without the streams and threads that cost more than its bytes; undefined for a large one, and
 * for a damaged one, of which the stream gives what comes before the damage.
 */
async function smallContent(open: () => Promise<ZipFile>, entry: Entry): Promise<Uint8Array | undefined> {
  const { compressedSize, uncompressedSize } = entry
  if (uncompressedSize > smallBytes || compressedSize > smallBytes || uncompressedSize === 0) return undefined
  const zip = await open()
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false })
  const parts: Buffer[] = []
  for await (const chunk of raw as AsyncIterable<Buffer>) parts.push(chunk)
  try {
    const packed = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    const bytes =
      entry.compressionMethod === deflated
        ? inflateRawSync(packed, { maxOutputLength: uncompressedSize })
        : packed
    return bytes.length === uncompressedSize && crc32(bytes) === entry.crc32 ? bytes : undefined
  } catch {
    return undefined
  }
}

function damaged(name: string, reason: string, cause?: unknown): Failure {
  return new Failure('REFUSED_INPUT', `${name} in the zip is damaged: ${reason}`, {
    hint: 'Export again, or copy the file again from where it came.',
    cause,
  })
}

function refusedArchive(label: string, reason: string, cause?: unknown): Failure {
  return new Failure('REFUSED_INPUT', `${label} was refused: ${reason}`, {
    hint: 'Export again, or copy the file again from where it came.',
    cause,
  })
}

function refusal(where: string, reason: string): Refusal {
  return { where, reason, raw: '', code: 'REFUSED_INPUT' }
}
