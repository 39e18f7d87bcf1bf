/** NDJSON: a resource a line. A damaged line costs that line. */
import { isNestedDeep, tooDeep } from './depth.ts'
import { maxPartBytes } from './entries.ts'

const newline = 0x0a
/** UTF-8 byte order mark. */
const bom = Buffer.from([0xef, 0xbb, 0xbf])

export interface LineEvents {
  line(bytes: Buffer, line: number): void
  refused(reason: string, line: number): void
}

export class LineScanner {
  readonly #events: LineEvents
  #pieces: Buffer[] = []
  #size = 0
  #line = 1

  constructor(events: LineEvents) {
    this.#events = events
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    while (true) {
      const at = bytes.indexOf(newline, from)
      if (at < 0) break
      this.#take(bytes.subarray(from, at))
      this.#end()
      this.#line++
      from = at + 1
    }
    if (from < bytes.length) this.#take(bytes.subarray(from))
  }

  finish(): void {
    this.#end()
  }

  #take(piece: Buffer): void {
    this.#size += piece.length
    if (this.#size > maxPartBytes) this.#pieces = []
    else this.#pieces.push(piece)
  }

  #end(): void {
    const size = this.#size
    const whole = size > maxPartBytes ? null : Buffer.concat(this.#pieces, size)
    this.#pieces = []
    this.#size = 0
    if (whole === null) {
      this.#events.refused(`it is larger than ${maxPartBytes / 2 ** 20} MB`, this.#line)
      return
    }
    const content = whole.subarray(0, 3).equals(bom) ? whole.subarray(3) : whole
    if (isNestedDeep(content)) this.#events.refused(tooDeep, this.#line)
    else if (content.some((c) => c > 0x20)) this.#events.line(content, this.#line)
  }
}
