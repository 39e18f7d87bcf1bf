/** Members that are read whole, and members that are kept whole. */
import { createHash } from 'node:crypto'
import { Failure } from '../foundation/index.ts'
import type { Attachment } from '../records/index.ts'
import type { InputMember } from './importer.ts'
import type { Intake } from './intake.ts'

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const idLength = 26

/** Collects chunks up to a limit, to keep a file whole while it is read in a stream. */
export class Collector {
  readonly #limit: number
  #parts: Uint8Array[] = []
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#length > this.#limit
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.isFull) this.#parts = []
    else this.#parts.push(chunk)
  }

  /** All bytes, which it holds no more then; null when there were more than the limit. */
  bytes(): Uint8Array<ArrayBuffer> | null {
    if (this.isFull) return null
    const whole = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    this.#parts = []
    return whole
  }
}

/**
 * The bytes of a member, or what could be read of a damaged one. A member above the limit is refused, with its place,
 * and null returned. Reading is reported as progress.
 */
export async function wholeMember(
  member: InputMember,
  limit: number,
  intake: Intake,
  totalBytes: number | null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const collector = new Collector(limit)
  const complain = (reason: string) =>
    intake.complain({ where: member.name, reason, raw: '', code: 'REFUSED_INPUT' })
  try {
    for await (const chunk of member.stream()) {
      collector.add(chunk)
      intake.progress(chunk.length, totalBytes)
      if (!collector.isFull) continue
      complain(`it is larger than ${Math.floor(limit / 2 ** 20)} MB`)
      return null
    }
  } catch (cause) {
    // A damaged zip member: what came before the damage is kept.
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    complain(cause.message)
  }
  return collector.bytes()
}

/** A file as an attachment; its id follows from the content, so that the same file again is the same attachment. */
export function attachmentOf(name: string, mediaType: string, bytes: Uint8Array): Attachment {
  const hash = createHash('sha256').update(bytes).digest()
  let id = ''
  for (let i = 0; i < idLength; i++) id += base32[(hash[i] as number) & 31]
  return { id, name: name.split('/').slice(-2).join('/'), mediaType, bytes }
}

/** Whether the person asked to stop; what was read until here is then written. */
export function stops(intake: Intake): boolean {
  if (intake.options.signal?.aborted !== true) return false
  intake.interrupted = true
  intake.flush()
  return true
}
