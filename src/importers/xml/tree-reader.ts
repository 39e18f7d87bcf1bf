/**
 * XML of clinical documents as trees, item by item: an item (an `entry`, a `section`) is built, handed over with what
 * is around it, and dropped, so that a document of any length needs the memory of one item.
 *
 * `saxes` tokenizes. Fragments without a root are read, prefixes are passed over (`cda:entry` is `entry`), the document
 * type is not processed. A fault of the markup damages the item that it is in and no other.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes'

export interface XmlNode {
  /** Without its prefix. */
  readonly name: string
  /** By name without prefix. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
  /** Character data directly inside, in order, and that of children at their place (`textContent`). */
  text: string
  readonly parent: XmlNode | null
  /** Line of its start tag, from 1. */
  readonly line: number
  /** Where it stands in the document, in characters: its `<`, and behind its end tag. */
  readonly start: number
  end: number
}

export interface XmlItem {
  readonly node: XmlNode
  /** The item as it stands in the file; '' where nobody asks for it. */
  readonly source: string
  /** Why it cannot be trusted: malformed inside, too deep, too large; '' when it is sound. */
  readonly damage: string
}

export interface TreeReaderOptions {
  /** Whether an element, by its name and what is around it, is handed over and dropped. */
  readonly isItem: (name: string, parent: XmlNode | null) => boolean
  /** Items whose own text nobody asks for: their `source` is empty, and they may be of any length. */
  readonly isTextless?: (name: string) => boolean
  readonly onItem: (item: XmlItem) => void
}

const maxDepth = 200
const maxNodes = 300_000
const maxItemLength = 16 * 1024 * 1024
/** Text of one element; narrative tables are far below it. */
const maxTextLength = 4 * 1024 * 1024

interface Open {
  readonly node: XmlNode
  readonly isItem: boolean
  /** Whether its text is handed over with it. */
  readonly hasText: boolean
  /** Of an item: why it cannot be trusted, and how many elements were open before it. */
  damage: string
  readonly nodesBefore: number
}

export class TreeReader {
  /** Elements at top level, without the items: one root, or those of a fragment. */
  readonly roots: XmlNode[] = []
  /** The first fault outside any item, with its line; '' when there was none. */
  damage = ''

  readonly #options: TreeReaderOptions
  readonly #parser = new SaxesParser({ xmlns: false, fragment: true, position: true })
  readonly #stack: Open[] = []
  /** Text from the start of the outermost open item with text on. */
  #buffer = ''
  #bufferStart = 0
  #nodes = 0
  /** Elements below the depth limit that are open and not built. */
  #tooDeep = 0

  constructor(options: TreeReaderOptions) {
    this.#options = options
    this.#parser.on('opentag', (tag) => this.#open(tag))
    this.#parser.on('closetag', () => this.#close())
    this.#parser.on('text', (text) => this.#characters(text))
    this.#parser.on('cdata', (text) => this.#characters(text))
    this.#parser.on('error', (error) => this.#fault(error.message))
  }

  /** Reads on. Text is given in pieces of any length. */
  push(text: string): void {
    this.#buffer += text
    this.#parser.write(text)
    this.#forget()
  }

  /** The document ends: elements that are open are closed, and their items told as damaged. */
  finish(): void {
    if (this.#stack.length > 0) this.#damageBecause('the file ends before it is closed')
    while (this.#stack.length > 0) this.#close()
    this.#parser.close()
  }

  #open(tag: SaxesTagPlain): void {
    if (this.#stack.length >= maxDepth || this.#nodes >= maxNodes) {
      this.#tooDeep++
      this.#damageBecause(this.#nodes >= maxNodes ? 'it has too many elements' : 'it is nested too deep')
      return
    }
    const parent = this.#stack.at(-1)?.node ?? null
    const name = localName(tag.name)
    const attributes = new Map<string, string>()
    for (const [key, value] of Object.entries(tag.attributes)) attributes.set(localName(key), value)
    const start = this.#tagStart()
    const node: XmlNode = {
      name,
      attributes,
      children: [],
      text: '',
      parent,
      line: this.#parser.line,
      start,
      end: start,
    }
    const isItem = this.#options.isItem(name, parent)
    if (!isItem) (parent?.children ?? this.roots).push(node)
    const hasText = isItem && this.#options.isTextless?.(name) !== true
    this.#stack.push({ node, isItem, hasText, damage: '', nodesBefore: this.#nodes++ })
  }

  #close(): void {
    if (this.#tooDeep > 0) {
      this.#tooDeep--
      return
    }
    const open = this.#stack.pop()
    if (!open) return
    const { node, isItem, hasText, damage, nodesBefore } = open
    node.end = this.#parser.position
    if (!isItem) {
      if (node.parent) append(node.parent, node.text)
      return
    }
    this.#nodes = nodesBefore
    // Of an item that is too large, the text that is left.
    const from = Math.max(0, node.start - this.#bufferStart)
    const source = hasText ? this.#buffer.slice(from, node.end - this.#bufferStart) : ''
    this.#options.onItem({ node, source, damage })
  }

  #characters(text: string): void {
    const node = this.#stack.at(-1)?.node
    if (node) append(node, text)
  }

  #fault(message: string): void {
    const reason = message.replace(/^\d+:\d+: /, '').slice(0, 100)
    this.#damageBecause(`its XML is damaged (${reason})`)
  }

  #damageBecause(reason: string): void {
    const item = this.#stack.findLast(({ isItem }) => isItem)
    if (item) item.damage ||= reason
    else if (this.#stack.length > 0) this.damage ||= `line ${this.#parser.line}: ${reason}`
  }

  /** Position of the `<` of the start tag that was just read. */
  #tagStart(): number {
    const end = this.#parser.position - this.#bufferStart - 1
    let at = this.#buffer.lastIndexOf('<', end)
    // A `<` inside an attribute value is no start: XML forbids it, and then the item is damaged anyway.
    if (at < 0) at = 0
    return this.#bufferStart + at
  }

  /** Drops text that no open item needs. Between two pieces the parser's own position is that of none of them. */
  #forget(): void {
    const outermost = this.#stack.find(({ hasText }) => hasText)
    const tagStart = Math.max(this.#bufferStart, this.#bufferStart + this.#buffer.length - maxTagLength)
    const isTooLong = this.#buffer.length > maxItemLength
    if (isTooLong && outermost) outermost.damage ||= 'it is too large'
    const from = outermost === undefined || isTooLong ? tagStart : outermost.node.start
    this.#buffer = this.#buffer.slice(Math.max(0, from - this.#bufferStart))
    this.#bufferStart = Math.max(this.#bufferStart, from)
  }
}

/** A start tag that is cut between two pieces is shorter than this. */
const maxTagLength = 64 * 1024

function append(node: XmlNode, text: string): void {
  if (node.text.length < maxTextLength) node.text += text
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** The first child with this name. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((one) => one.name === name)
}

/** All children with this name. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((one) => one.name === name) ?? []
}

/** The descendant reached by names one below the other. */
export function descendant(node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined {
  let at = node
  for (const name of names) at = child(at, name)
  return at
}

export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  return node?.attributes.get(name)
}

/** The text of an element inside an item, as it stands in the file. */
export function sourceInside(item: XmlItem, node: XmlNode): string {
  return item.source.slice(node.start - item.node.start, node.end - item.node.start)
}
