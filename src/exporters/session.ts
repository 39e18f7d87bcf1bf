/** One run of an export: its open file with length and checksum, its notes, its progress, its end by Ctrl-C. */
import { createHash, type Hash } from 'node:crypto'
import { assert, Failure, utf8ToBytes } from '../foundation/index.ts'
import type { Period, RecordSource } from '../records/index.ts'
import type { ExportedFile, ExportFile, ExportOptions, ExportRequest } from './ports.ts'
import { boundedPeriod } from './selection.ts'

/** Text is gathered to pieces of this many UTF-16 units before it goes to the sink. */
const pieceLength = 128 * 1024

export class ExportSession<Options extends ExportOptions = ExportOptions> {
  readonly source: RecordSource
  readonly options: Options
  /** Bounded; undefined means everything. */
  readonly period: Period | undefined
  readonly files: ExportedFile[] = []
  readonly #request: ExportRequest<Options>
  readonly #notes = new Set<string>()
  #open: FileWriter | undefined
  #done = 0
  #total = 0

  constructor(request: ExportRequest<Options>) {
    this.#request = request
    this.source = request.source
    this.options = request.options
    this.period = boundedPeriod(request.options.period)
  }

  get notes(): readonly string[] {
    return [...this.#notes]
  }

  /** Says something once. */
  note(text: string): void {
    this.#notes.add(text)
  }

  /** How many measurements all passes together will read. */
  expect(total: number): void {
    this.#total += total
  }

  /** Called between pieces of work: reports, and stops where the person asked to. */
  advance(count: number, what: string): void {
    this.#done += count
    this.#request.onProgress?.(this.#done, Math.max(this.#total, this.#done), what)
    if (this.#request.signal?.aborted) {
      throw new Failure('INTERRUPTED', 'the export was interrupted', { hint: 'Run the same command again.' })
    }
  }

  /** Writes one file by `fill`, which answers how many records it wrote. A failure leaves no part of the file. */
  async file(
    name: string,
    mediaType: string,
    fill: (writer: FileWriter) => Promise<number>,
  ): Promise<ExportedFile> {
    assert(this.#open === undefined, 'an export has one open file at a time')
    const file = await this.#request.sink.open(name)
    const writer = new FileWriter(file)
    this.#open = writer
    try {
      const records = await fill(writer)
      const { bytes, sha256 } = await writer.close()
      const exported = { name, mediaType, bytes, sha256, records }
      this.files.push(exported)
      return exported
    } catch (failure) {
      await file.abort?.()
      throw failure
    } finally {
      this.#open = undefined
    }
  }
}

/** Gathers text into pieces, counts and hashes what leaves. */
export class FileWriter {
  readonly #file: ExportFile
  readonly #hash: Hash = createHash('sha256')
  #piece = ''
  #bytes = 0

  constructor(file: ExportFile) {
    this.#file = file
  }

  /** Adds text; call `flush` when `full`. */
  push(text: string): void {
    this.#piece += text
  }

  get full(): boolean {
    return this.#piece.length >= pieceLength
  }

  async flush(): Promise<void> {
    const piece = this.#piece
    if (piece === '') return
    this.#piece = ''
    await this.bytes(utf8ToBytes(piece))
  }

  /** Adds text and waits where enough has been gathered. */
  async write(text: string): Promise<void> {
    this.push(text)
    if (this.full) await this.flush()
  }

  /** Bytes as they are, after the text so far. */
  async bytes(bytes: Uint8Array): Promise<void> {
    if (this.#piece !== '') await this.flush()
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    await this.#file.write(bytes)
  }

  async close(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.flush()
    await this.#file.close()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}
