/**
 * One element with everything inside it, as numbers: positions in a byte window, in document order.
 *
 * Arrays are reused from element to element, so that reading a gigabyte of small elements allocates nothing per
 * element. Nodes are start tags; attributes of node n are [nodeFirstAttribute[n], nodeLastAttribute[n]).
 */
import { decodeReferences } from './entities.ts'
import { hashSeed } from './name-table.ts'

export class ElementTape {
  /** The first entity that was referred to in a text and that XML does not define; '' while there was none. */
  undefinedEntity = ''

  /** The window that all positions point into. */
  bytes: Buffer = Buffer.alloc(0)
  nodes = 0
  attributes = 0

  nodeStart = new Int32Array(64)
  /** Position after the end tag (or the `/>`). */
  nodeEnd = new Int32Array(64)
  /** Position after the start tag. */
  nodeContent = new Int32Array(64)
  /** Id of the element's name, 0 when it is not in the table. */
  nodeName = new Int32Array(64)
  nodeNameEnd = new Int32Array(64)
  nodeDepth = new Int32Array(64)
  nodeFirstAttribute = new Int32Array(64)
  nodeLastAttribute = new Int32Array(64)

  attributeName = new Int32Array(256)
  attributeNameStart = new Int32Array(256)
  attributeNameEnd = new Int32Array(256)
  attributeStart = new Int32Array(256)
  attributeEnd = new Int32Array(256)
  /** FNV-1a of the value's bytes. */
  attributeHash = new Int32Array(256)
  /** 1 when the value holds a reference that has to be decoded. */
  attributeCoded = new Uint8Array(256)

  clear(bytes: Buffer): void {
    this.bytes = bytes
    this.nodes = 0
    this.attributes = 0
  }

  /** Makes room for one more node. */
  reserveNode(): void {
    if (this.nodes < this.nodeStart.length) return
    this.nodeStart = doubled(this.nodeStart)
    this.nodeEnd = doubled(this.nodeEnd)
    this.nodeContent = doubled(this.nodeContent)
    this.nodeName = doubled(this.nodeName)
    this.nodeNameEnd = doubled(this.nodeNameEnd)
    this.nodeDepth = doubled(this.nodeDepth)
    this.nodeFirstAttribute = doubled(this.nodeFirstAttribute)
    this.nodeLastAttribute = doubled(this.nodeLastAttribute)
  }

  readonly #meetUndefined = (name: string): void => {
    this.undefinedEntity ||= name
  }

  /** Makes room for one more attribute. */
  reserveAttribute(): void {
    if (this.attributes < this.attributeName.length) return
    this.attributeName = doubled(this.attributeName)
    this.attributeNameStart = doubled(this.attributeNameStart)
    this.attributeNameEnd = doubled(this.attributeNameEnd)
    this.attributeStart = doubled(this.attributeStart)
    this.attributeEnd = doubled(this.attributeEnd)
    this.attributeHash = doubled(this.attributeHash)
    const coded = new Uint8Array(this.attributeCoded.length * 2)
    coded.set(this.attributeCoded)
    this.attributeCoded = coded
  }

  /** Index of the attribute with this name id on a node; the first one where it is written twice; -1 when absent. */
  find(node: number, nameId: number): number {
    const last = this.nodeLastAttribute[node] as number
    for (let a = this.nodeFirstAttribute[node] as number; a < last; a++)
      if (this.attributeName[a] === nameId) return a
    return -1
  }

  /** The decoded text of an attribute; '' for index -1. */
  text(attribute: number): string {
    if (attribute < 0) return ''
    const text = this.bytes.toString('utf8', this.attributeStart[attribute], this.attributeEnd[attribute])
    return this.attributeCoded[attribute] === 1 ? decodeReferences(text, this.#meetUndefined) : text
  }

  /** The name of an attribute as it is written. */
  nameOf(attribute: number): string {
    return this.bytes.toString('utf8', this.attributeNameStart[attribute], this.attributeNameEnd[attribute])
  }

  /** The name of an element as it is written. */
  elementName(node: number): string {
    return this.bytes.toString('utf8', (this.nodeStart[node] as number) + 1, this.nodeNameEnd[node])
  }

  /** The source text of a node, verbatim. */
  source(node: number): string {
    return this.bytes.toString('utf8', this.nodeStart[node], this.nodeEnd[node])
  }

  /** Hash of an attribute's value; of the empty text for index -1. */
  hashOf(attribute: number): number {
    return attribute < 0 ? hashSeed : (this.attributeHash[attribute] as number)
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const out = new Int32Array(array.length * 2)
  out.set(array)
  return out
}
