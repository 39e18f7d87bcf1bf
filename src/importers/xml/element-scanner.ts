/**
 * A tolerant, bounded scanner for very large XML documents that are a flat list of items under one root.
 *
 * It walks bytes, not strings, and hands over one item (a child of the root, with all inside it) at a time as an
 * `ElementTape`. It follows XML 1.0 for elements, attributes, references, comments, CDATA sections and processing
 * instructions, and differs from a conforming parser where real exports need it
 * (docs/decisions/own-xml-scanner.md):
 *
 * - The document type definition is skipped, never processed: a broken one does not matter, a hostile one has no
 *   effect.
 * - A malformed item is refused with its line, and reading goes on at the next element.
 * - Control characters inside values are counted and kept.
 *
 * Bounds: an item has at most `maxItemBytes`, `maxDepth` levels and `maxAttributes` attributes a tag.
 */
import { ElementTape } from './element-tape.ts'
import { indexOfPattern, indexOfSubsetEnd } from './markup-search.ts'
import { NameTable } from './name-table.ts'
import { incomplete, malformed, TagReader } from './tag-reader.ts'

export const maxItemBytes = 16 * 1024 * 1024
export const maxDepth = 64

export interface ScannerNames {
  /** The element that holds the items; its start and end tag are passed over. */
  readonly root: string
  /** Known element names; ids are 1-based positions. */
  readonly elements: readonly string[]
  /** Known attribute names; ids are 1-based positions. */
  readonly attributes: readonly string[]
  /** Names of items, which end an unclosed element when they begin inside it. */
  readonly items: readonly string[]
  /** The items that hold other items. */
  readonly containers: readonly string[]
}

export interface ScannerEvents {
  /** A whole item is on the tape; the tape is valid during the call only. */
  item(tape: ElementTape): void
  /**
   * An item cannot be read. Its head tag is node 0 of the tape when `tape.nodes` > 0. `name` is its name id, `start`
   * and `end` the bytes to show.
   */
  refused(reason: string, name: number, start: number, end: number): void
}

const lessThan = 0x3c
const slash = 0x2f
const bang = 0x21
const question = 0x3f
const commentEnd = Buffer.from('-->')
const cdataEnd = Buffer.from(']]>')
const instructionEnd = Buffer.from('?>')
/** Below this many bytes an incomplete rest is simply scanned again. */
const smallRest = 64 * 1024
/** A document type's name and identifiers, before its subset. */
const maxDoctypeHead = 4096

export class ElementScanner {
  readonly tape = new ElementTape()
  /** The root's tags were seen. A fragment has none. */
  rootOpen = false
  rootClosed = false

  readonly #events: ScannerEvents
  readonly #tags: TagReader
  readonly #rootName: number
  readonly #rootTag: Buffer
  readonly #isItem: Uint8Array
  readonly #isContainer: Uint8Array
  readonly #stack = new Int32Array(maxDepth + 1)

  #window: Buffer = Buffer.alloc(0)
  #position = 0
  #parts: Uint8Array[] = []
  #partsLength = 0
  #wanted = 0
  /** What ends the construct that is being passed over; 'doctype' has its own rule. */
  #skipping: Buffer | 'doctype' | null = null
  #line = 1
  #linePosition = 0
  #controls = 0
  #headEnd = -1
  #truncated = false

  constructor(names: ScannerNames, events: ScannerEvents) {
    this.#events = events
    this.#tags = new TagReader(this.tape, new NameTable(names.elements), new NameTable(names.attributes))
    this.#rootName = names.elements.indexOf(names.root) + 1
    this.#rootTag = Buffer.from(`<${names.root}`)
    const flags = (chosen: readonly string[]) =>
      Uint8Array.from([0, ...names.elements.map((name) => (chosen.includes(name) ? 1 : 0))])
    this.#isItem = flags(names.items)
    this.#isContainer = flags(names.containers)
  }

  /** The document ended inside a comment, a document type or the root, and no refused item tells it already. */
  get isCutShort(): boolean {
    return !this.#truncated && (this.#skipping !== null || (this.rootOpen && !this.rootClosed))
  }

  /** The line on which reading stopped. */
  get lastLine(): number {
    return this.#line
  }

  /** Characters that XML does not allow, seen inside complete tags so far. */
  get controlCharacters(): number {
    return this.#controls
  }

  /** Scans as far as the bytes so far reach. */
  push(chunk: Uint8Array): void {
    this.#parts.push(chunk)
    this.#partsLength += chunk.length
    if (this.#partsLength >= this.#wanted) this.#scan(false)
  }

  /** The document ends here: what is incomplete is refused. */
  finish(): void {
    this.#scan(true)
  }

  /** The line (from 1) of a position in the window. */
  lineOf(position: number): number {
    let at = this.#linePosition
    if (position < at) return this.#line - newlines(this.#window, position, at)
    while (true) {
      const found = this.#window.indexOf(10, at)
      if (found < 0 || found >= position) break
      this.#line++
      at = found + 1
    }
    this.#linePosition = Math.max(at, this.#linePosition)
    return this.#line
  }

  #scan(final: boolean): void {
    const first = this.#parts[0]
    this.#window =
      this.#parts.length === 1 && first ? asBuffer(first) : Buffer.concat(this.#parts, this.#partsLength)
    this.tape.clear(this.#window)
    this.#position = 0
    this.#linePosition = 0
    while (this.#step(final)) {}
    this.lineOf(this.#position)
    const rest = this.#window.subarray(this.#position)
    this.#parts = rest.length > 0 ? [rest] : []
    this.#partsLength = rest.length
    this.#wanted = rest.length > smallRest ? rest.length * 2 : 0
  }

  /** Takes one construct; false when more bytes are needed (or, at the end, none are left). */
  #step(final: boolean): boolean {
    if (this.#skipping !== null && !this.#skip()) return false
    const window = this.#window
    const at = window.indexOf(lessThan, this.#position)
    if (at < 0) {
      this.#position = window.length
      return false
    }
    this.#position = at
    const next = window[at + 1]
    if (next === undefined) return false
    if (next === bang) return this.#declaration(at, final)
    if (next === question) {
      this.#skipping = instructionEnd
      return true
    }
    if (next === slash) return this.#endTag(at)
    return this.#item(at, final)
  }

  /** Passes over a comment, section, instruction or document type; false when its end is not here yet. */
  #skip(): boolean {
    const window = this.#window
    const until = this.#skipping as Buffer | 'doctype'
    const end =
      until === 'doctype'
        ? indexOfSubsetEnd(window, this.#position, this.#rootTag)
        : indexOfPattern(window, until, this.#position)
    if (end < 0) {
      // Enough is kept for an end that is cut in two.
      this.#position = Math.max(this.#position, window.length - 32)
      return false
    }
    this.#position = end
    this.#skipping = null
    return true
  }

  #declaration(at: number, final: boolean): boolean {
    const window = this.#window
    if (window.length - at < 9 && !final) return false
    const head = window.toString('latin1', at, at + 9)
    if (head.startsWith('<!--')) {
      this.#skipping = commentEnd
      this.#position = at + 4
    } else if (head === '<![CDATA[') {
      this.#skipping = cdataEnd
      this.#position = at + 9
    } else if (head === '<!DOCTYPE') {
      return this.#doctype(at, final)
    } else {
      // A declaration left over from a broken document type: it has no meaning here.
      this.#position = at + 2
    }
    return true
  }

  /** A document type without internal subset ends at `>`; one with a subset is passed over. */
  #doctype(at: number, final: boolean): boolean {
    const window = this.#window
    const close = window.indexOf(0x3e, at)
    const bracket = window.indexOf(0x5b, at)
    if (close < 0 && bracket < 0 && !final && window.length - at < maxDoctypeHead) return false
    const hasSubset = bracket >= 0 && (close < 0 || bracket < close)
    if (hasSubset) this.#skipping = 'doctype'
    this.#position = hasSubset ? bracket + 1 : close < 0 ? at + 9 : close + 1
    return true
  }

  #endTag(at: number): boolean {
    const end = this.#window.indexOf(0x3e, at)
    if (end < 0) return false
    if (this.#tags.elementAt(at + 2, end) === this.#rootName) this.rootClosed = true
    this.#position = end + 1
    return true
  }

  #item(at: number, final: boolean): boolean {
    this.#headEnd = -1
    const outcome = this.#build(at)
    const length = (outcome >= 0 ? outcome : this.#window.length) - at
    const isRoot = outcome >= 0 && this.tape.nodeName[0] === this.#rootName
    if (outcome !== malformed && !isRoot && length > maxItemBytes) {
      return this.#refuse(at, `it is larger than ${maxItemBytes} bytes`)
    }
    if (outcome === incomplete) return final ? this.#cutShort(at) : false
    if (outcome === malformed) return this.#refuse(at, this.#tags.reason)
    this.#position = outcome
    if (isRoot) this.rootOpen = true
    else {
      this.#controls += this.#tags.controls
      this.#events.item(this.tape)
    }
    return true
  }

  /** Puts the item at `at` on the tape. Returns the position after it, `incomplete` or `malformed`. */
  #build(at: number): number {
    const tape = this.tape
    const window = this.#window
    tape.clear(window)
    this.#tags.begin()
    let depth = 0
    let position = at
    while (true) {
      const node = tape.nodes
      position = this.#tags.startTag(position, depth)
      if (position < 0) return position
      if (node === 0) {
        this.#headEnd = position
        if (tape.nodeName[0] === this.#rootName) return position
      } else if (this.#isMisplaced(node)) {
        return this.#tags.malformedBecause('it is not closed before the next element')
      }
      if (!this.#tags.selfClosed) {
        if (depth >= maxDepth)
          return this.#tags.malformedBecause(`it is nested deeper than ${maxDepth} levels`)
        this.#stack[depth++] = node
      }
      if (depth === 0) return position
      while (true) {
        position = window.indexOf(lessThan, position)
        if (position < 0 || position + 1 >= window.length) return incomplete
        const next = window[position + 1]
        if (next === slash) {
          position = this.#tags.closeTag(position, this.#stack[--depth] as number)
          if (position < 0 || depth === 0) return position
        } else if (next === bang || next === question) {
          position = this.#innerMarkup(position, next)
          if (position < 0) return incomplete
        } else break
      }
    }
  }

  /** An item inside something that holds no items: the element around it was never closed. */
  #isMisplaced(node: number): boolean {
    const name = this.tape.nodeName[node] as number
    return (
      (this.#isItem[name] === 1 && this.#isContainer[this.tape.nodeName[0] as number] === 0) ||
      this.#isContainer[name] === 1
    )
  }

  /** The end of a comment, section or instruction inside an item, -1 when it is not here yet. */
  #innerMarkup(at: number, next: number): number {
    const window = this.#window
    if (next === question) return indexOfPattern(window, instructionEnd, at)
    const isCdata = window.toString('latin1', at, at + 9) === '<![CDATA['
    return indexOfPattern(window, isCdata ? cdataEnd : commentEnd, at + 4)
  }

  /** Refuses the item's head and goes on behind it, so that what stands inside is still read. */
  #refuse(at: number, reason: string): boolean {
    const resume = this.#headEnd >= 0 ? this.#headEnd : Math.max(at + 1, this.#tags.stoppedAt)
    this.#events.refused(reason, this.#headName(), at, resume)
    this.#position = resume
    return true
  }

  /** The document ends inside the item at `at`. Whole items inside a container are still read. */
  #cutShort(at: number): boolean {
    const name = this.#headName()
    const insideContainer = this.#headEnd >= 0 && this.#isContainer[name] === 1
    const end = insideContainer ? this.#headEnd : this.#window.length
    if (!this.#truncated) this.#events.refused('the file ends inside this element', name, at, end)
    if (!insideContainer) this.#truncated = true
    this.#position = end
    return true
  }

  #headName(): number {
    return this.#tags.headName
  }
}

function newlines(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let i = from; i < to; i++) if (bytes[i] === 10) count++
  return count
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
