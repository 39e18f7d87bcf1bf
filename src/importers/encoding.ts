/**
 * Character encodings of XML input: whatever comes in goes on as UTF-8 bytes.
 *
 * Told apart by byte order mark or by the first two bytes (XML 1.0 appendix F), then by the XML declaration. UTF-7
 * and other encodings that hide markup from a byte scanner are refused.
 */
import { TextDecoder } from 'node:util'
import { Failure } from '../foundation/index.ts'

const passedThrough = new Set(['', 'utf-8', 'utf8', 'us-ascii', 'ascii', 'utf-16'])
const decoded: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
}
const enoughBytes = 256

/** The same text as UTF-8. Fails with REFUSED_INPUT for an encoding that is not read. */
export async function* asUtf8(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array[] = []
  let length = 0
  let decoder: TextDecoder | null = null
  let isKnown = false
  for await (const chunk of input) {
    if (isKnown) {
      yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
      continue
    }
    start.push(chunk)
    length += chunk.length
    if (length < enoughBytes) continue
    const bytes = Buffer.concat(start)
    decoder = decoderFor(bytes)
    isKnown = true
    start = []
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes
  }
  if (isKnown) {
    const rest = decoder?.decode() ?? ''
    if (rest !== '') yield Buffer.from(rest)
    return
  }
  const bytes = Buffer.concat(start)
  decoder = decoderFor(bytes)
  yield decoder ? Buffer.from(decoder.decode(bytes)) : bytes
}

/** The decoder for bytes that begin like this; null when they are UTF-8 already. */
export function decoderFor(bytes: Uint8Array): TextDecoder | null {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return new TextDecoder('utf-16le')
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return new TextDecoder('utf-16be')
  const head = Buffer.from(bytes.subarray(0, enoughBytes)).toString('latin1')
  const name = (/<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']/.exec(head)?.[1] ?? '').toLowerCase()
  if (passedThrough.has(name)) return null
  const label = Object.hasOwn(decoded, name) ? decoded[name] : undefined
  if (label) return new TextDecoder(label)
  throw new Failure('REFUSED_INPUT', `the encoding "${name.slice(0, 40)}" is not read`, {
    hint: 'Save the file as UTF-8 and import it again.',
  })
}
