/**
 * XML as a stream of elements with their own text: for formats whose records are small and many (track points).
 *
 * `saxes` tokenizes; prefixes are passed over (`ns3:hr` is `hr`), the document type is not processed. Depth, the length of
 * one piece of markup and the text of an element are bounded, so that no input makes memory grow.
 */
import { SaxesParser } from 'saxes'
import { Failure } from '../../foundation/index.ts'

export interface ElementHandler {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void
  /** `text` is the character data directly inside, trimmed. */
  close(name: string, text: string): void
}

const maxDepth = 200
const maxTextLength = 4096
/** Characters without an element beginning or ending; comments and pictures inside extensions are shorter. */
const maxMarkupLength = 4 * 1024 * 1024

export class ElementEvents {
  /** The first fault of the markup with its line; '' when there was none. */
  damage = ''
  readonly #parser = new SaxesParser({ xmlns: false, position: true })
  readonly #names: string[] = []
  readonly #texts: string[] = []
  #sinceElement = 0
  #isStarted = false

  constructor(handler: ElementHandler) {
    this.#parser.on('opentag', (tag) => {
      this.#sinceElement = 0
      if (this.#names.length >= maxDepth) throw refused('its elements are nested too deep')
      const name = localName(tag.name)
      this.#names.push(name)
      this.#texts.push('')
      handler.open(name, tag.attributes, this.#parser.line)
    })
    this.#parser.on('closetag', () => {
      this.#sinceElement = 0
      const name = this.#names.pop()
      const text = this.#texts.pop()
      if (name !== undefined) handler.close(name, (text ?? '').trim())
    })
    const characters = (text: string) => {
      const last = this.#texts.length - 1
      const before = this.#texts[last]
      if (before !== undefined && before.length < maxTextLength) {
        this.#texts[last] = before + text.slice(0, maxTextLength)
      }
    }
    this.#parser.on('text', characters)
    this.#parser.on('cdata', characters)
    this.#parser.on('error', (error) => {
      this.damage ||= `line ${this.#parser.line}: its XML is damaged (${error.message.replace(/^\d+:\d+: /, '').slice(0, 100)})`
    })
  }

  /** Reads on. Fails with REFUSED_INPUT on what is built to exhaust memory. */
  push(text: string): void {
    // Some writers put blanks before the declaration.
    const plain = this.#isStarted ? text : text.replace(/^[\s\ufeff]+/, '')
    if (plain !== '') this.#isStarted = true
    this.#sinceElement += plain.length
    this.#parser.write(plain)
    if (this.#sinceElement > maxMarkupLength) throw refused('it holds an element without end')
  }

  /** Ends the document; elements that are still open are not closed. */
  finish(): void {
    if (this.#names.length > 0) this.damage ||= 'the file ends before its last element is closed'
    this.#parser.close()
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function refused(reason: string): Failure {
  return new Failure('REFUSED_INPUT', reason, { hint: 'Export the file again.' })
}
