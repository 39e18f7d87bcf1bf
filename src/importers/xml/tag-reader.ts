/** Reads one tag from the window onto the tape: the hot loop of the scanner. */
import type { ElementTape } from './element-tape.ts'
import { isBlank } from './markup-search.ts'
import { hashPrime, hashSeed, type NameTable } from './name-table.ts'

/** More bytes are needed. */
export const incomplete = -1
/** The tag breaks XML or a bound; `reason` says how. */
export const malformed = -2

export const maxAttributes = 256

/** 1: may stand in a name. Bytes above 127 are letters of UTF-8. */
const nameBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 127 || /[A-Za-z0-9_:.-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)
/** 1: needs a look inside an attribute value (quotes, references, `<`, control characters). */
const specialBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 0x22 || byte === 0x27 || byte === 0x26 || byte === 0x3c || isControl(byte) ? 1 : 0,
)

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
}

export class TagReader {
  reason = ''
  /** Where a malformed tag stopped making sense. */
  stoppedAt = 0
  selfClosed = false
  /** Control characters in the tags since `begin`. */
  controls = 0
  /** Name id of the first tag since `begin`, also when that tag is malformed or incomplete. */
  headName = 0

  readonly #tape: ElementTape
  readonly #elements: NameTable
  readonly #attributes: NameTable

  constructor(tape: ElementTape, elements: NameTable, attributes: NameTable) {
    this.#tape = tape
    this.#elements = elements
    this.#attributes = attributes
  }

  begin(): void {
    this.controls = 0
    this.headName = 0
    this.stoppedAt = 0
  }

  malformedBecause(reason: string, at = 0): number {
    this.reason = reason
    this.stoppedAt = at
    return malformed
  }

  /** Reads the start tag at `at` as a new node. Returns the position after it, `incomplete` or `malformed`. */
  startTag(at: number, depth: number): number {
    const tape = this.#tape
    const bytes = tape.bytes
    const end = bytes.length
    let i = at + 1
    let hash = hashSeed
    let c = 0
    while (i < end) {
      c = bytes[i] as number
      if (nameBytes[c] === 0) break
      hash = Math.imul(hash ^ c, hashPrime)
      i++
    }
    if (i >= end) return incomplete
    if (i === at + 1) return this.malformedBecause('"<" is followed by no name', i)
    tape.reserveNode()
    const node = tape.nodes
    const name = this.#elements.find(bytes, at + 1, i, hash)
    if (node === 0) this.headName = name
    tape.nodeStart[node] = at
    tape.nodeName[node] = name
    tape.nodeNameEnd[node] = i
    tape.nodeDepth[node] = depth
    tape.nodeFirstAttribute[node] = tape.attributes
    while (true) {
      const before = i
      c = bytes[i] as number
      while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = bytes[++i] as number
      if (i >= end) return incomplete
      if (c === 0x3e || c === 0x2f) break
      if (i === before) return this.malformedBecause('a blank is missing between attributes', i)
      i = this.#attribute(i)
      if (i < 0) return i
      const count = tape.attributes - (tape.nodeFirstAttribute[node] as number)
      if (count > maxAttributes)
        return this.malformedBecause(`it has more than ${maxAttributes} attributes`, i)
    }
    this.selfClosed = c === 0x2f
    if (this.selfClosed) {
      i++
      if (i >= end) return incomplete
      if (bytes[i] !== 0x3e) return this.malformedBecause('"/" is not followed by ">"', i)
    }
    tape.nodeLastAttribute[node] = tape.attributes
    tape.nodeContent[node] = i + 1
    tape.nodeEnd[node] = i + 1
    tape.nodes = node + 1
    return i + 1
  }

  /** Reads `</name>` at `at`, which has to close `node`. Returns as `startTag`. */
  closeTag(at: number, node: number): number {
    const tape = this.#tape
    const end = tape.bytes.indexOf(0x3e, at)
    if (end < 0) return incomplete
    const start = (tape.nodeStart[node] as number) + 1
    const length = (tape.nodeNameEnd[node] as number) - start
    for (let k = 0; k < length; k++) {
      if (tape.bytes[at + 2 + k] !== tape.bytes[start + k])
        return this.malformedBecause('its end tag has another name')
    }
    const behind = tape.bytes[at + 2 + length] as number
    if (nameBytes[behind] === 1) return this.malformedBecause('its end tag has another name')
    tape.nodeEnd[node] = end + 1
    return end + 1
  }

  /** Name id of the element name in [start, end), 0 when unknown. */
  elementAt(start: number, end: number): number {
    const bytes = this.#tape.bytes
    let hash = hashSeed
    let i = start
    for (; i < end && nameBytes[bytes[i] as number] === 1; i++)
      hash = Math.imul(hash ^ (bytes[i] as number), hashPrime)
    return this.#elements.find(bytes, start, i, hash)
  }

  /** Reads `name="value"` at `at`. */
  #attribute(at: number): number {
    const tape = this.#tape
    const bytes = tape.bytes
    const end = bytes.length
    let i = at
    let hash = hashSeed
    while (i < end) {
      const c = bytes[i] as number
      if (nameBytes[c] === 0) break
      hash = Math.imul(hash ^ c, hashPrime)
      i++
    }
    if (i >= end) return incomplete
    if (i === at) return this.malformedBecause('an attribute has no name', i)
    tape.reserveAttribute()
    const attribute = tape.attributes
    tape.attributeName[attribute] = this.#attributes.find(bytes, at, i, hash)
    tape.attributeNameStart[attribute] = at
    tape.attributeNameEnd[attribute] = i
    while (isBlank(bytes[i])) i++
    if (i >= end) return incomplete
    if (bytes[i] !== 0x3d) return this.malformedBecause('an attribute has no value', i)
    i++
    while (isBlank(bytes[i])) i++
    if (i >= end) return incomplete
    const quote = bytes[i] as number
    if (quote !== 0x22 && quote !== 0x27) return this.malformedBecause('an attribute value has no quotes', i)
    return this.#value(attribute, i + 1, quote)
  }

  #value(attribute: number, start: number, quote: number): number {
    const tape = this.#tape
    const bytes = tape.bytes
    const end = bytes.length
    let i = start
    let hash = hashSeed
    let coded = 0
    while (i < end) {
      const c = bytes[i] as number
      if (specialBytes[c] === 1) {
        if (c === quote) break
        if (c === 0x26) coded = 1
        else if (c === 0x3c) {
          if (i + 1 >= end) return incomplete
          if (!isHarmlessLessThan(bytes[i + 1] as number))
            return this.malformedBecause('a quote is missing', i)
        } else if (c < 0x20) this.controls++
      }
      hash = Math.imul(hash ^ c, hashPrime)
      i++
    }
    if (i >= end) return incomplete
    tape.attributeStart[attribute] = start
    tape.attributeEnd[attribute] = i
    tape.attributeHash[attribute] = hash
    tape.attributeCoded[attribute] = coded
    tape.attributes = attribute + 1
    return i + 1
  }
}

/** XML wants `&lt;` in values; `mmol<180.15>/L` and `<<HKDevice…` are read all the same, a tag is not. */
function isHarmlessLessThan(next: number): boolean {
  return (next >= 0x30 && next <= 0x39) || next === 0x3c || next === 0x48
}
