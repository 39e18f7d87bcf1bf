/**
 * Bytes of a text file as UTF-8 without byte order mark. Told apart by the mark, by zero bytes at every second place,
 * else by whether the beginning is well-formed UTF-8; what is not is read as windows-1252, which has a character for
 * nearly every byte and is what old spreadsheet programs write.
 */
import { TextDecoder } from 'node:util'

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

const utf8MarkLength = 3
/** Bytes of a member's beginning (`InputMember.head`); shorter ones are whole files. */
const headBytes = 64 * 1024

export function encodingOf(head: Uint8Array): TextEncodingName {
  const [a, b, c] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (head.length >= 4 && b === 0 && head[3] === 0 && a !== 0) return 'utf-16le'
  if (head.length >= 4 && a === 0 && c === 0 && b !== 0) return 'utf-16be'
  return isUtf8(head) ? 'utf-8' : 'windows-1252'
}

function isUtf8(head: Uint8Array): boolean {
  try {
    // Only a beginning can be cut inside a character; a whole file cannot.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= headBytes })
    return true
  } catch {
    return false
  }
}

/** The beginning as text, without byte order mark; a cut last character becomes U+FFFD. */
export function headText(head: Uint8Array): string {
  return new TextDecoder(encodingOf(head)).decode(head)
}

/** The chunks as UTF-8 without byte order mark. */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncodingName,
): AsyncGenerator<Uint8Array> {
  if (encoding !== 'utf-8') {
    const decoder = new TextDecoder(encoding)
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
    const rest = decoder.decode()
    if (rest !== '') yield Buffer.from(rest)
    return
  }
  let start: Uint8Array | null = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (start === null) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < utf8MarkLength) continue
    yield withoutMark(start)
    start = null
  }
  if (start !== null && start.length > 0) yield withoutMark(start)
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return hasMark ? bytes.subarray(utf8MarkLength) : bytes
}
