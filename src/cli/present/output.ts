/**
 * Where a command prints. Results go to stdout; everything said beside them (notes, warnings, progress) goes to stderr
 * as soon as stdout is not a terminal or machine output is asked for, so that a pipe holds the result and nothing else.
 */
import { csvLine } from './csv.ts'
import { jsonText } from './json.ts'
import { type ColorSetting, colorLevel, createStyle, type Style } from './style.ts'

/** What of a process the output needs; tests put a pair of strings here. */
export interface Streams {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly stdinIsTerminal: boolean
}

export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string | Uint8Array): unknown
  once?(event: 'drain', listener: () => void): unknown
}

export interface OutputOptions {
  readonly format: 'human' | 'json' | 'ndjson' | 'csv'
  readonly quiet: boolean
  readonly verbose: boolean
  readonly noColor: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

export type CsvCell = string | number | boolean | null

export class Output {
  readonly format: OutputOptions['format']
  readonly quiet: boolean
  readonly verbose: boolean
  readonly #streams: Streams
  readonly #options: OutputOptions
  #setting: ColorSetting = 'auto'
  #style: Style | undefined
  #errorStyle: Style | undefined

  constructor(streams: Streams, options: OutputOptions) {
    this.#streams = streams
    this.#options = options
    this.format = options.format
    this.quiet = options.quiet
    this.verbose = options.verbose
  }

  /** The person's `color` setting, as soon as the configuration is read. */
  useColorSetting(setting: ColorSetting): void {
    this.#setting = setting
    this.#style = undefined
    this.#errorStyle = undefined
  }

  get isTerminal(): boolean {
    return this.#streams.stdout.isTTY === true
  }

  get inputIsTerminal(): boolean {
    return this.#streams.stdinIsTerminal
  }

  get errorIsTerminal(): boolean {
    return this.#streams.stderr.isTTY === true
  }

  /** Columns of the terminal, or those of the environment (COLUMNS), or 80. */
  get width(): number {
    const given = Number(this.#options.environment['COLUMNS'])
    const width = this.#streams.stdout.columns ?? (Number.isInteger(given) && given > 0 ? given : 80)
    return Math.max(20, width)
  }

  /** Colours for stdout. */
  get style(): Style {
    this.#style ??= createStyle(this.#level(this.isTerminal))
    return this.#style
  }

  /** Colours for stderr. */
  get errorStyle(): Style {
    this.#errorStyle ??= createStyle(this.#level(this.errorIsTerminal))
    return this.#errorStyle
  }

  /** The result for people, on stdout. Text from outside must have gone through `oneLine` or `manyLines`. */
  result(text: string): void {
    this.#streams.stdout.write(endLine(text))
  }

  /** Said beside the result: on stdout of a terminal, else on stderr. Silent with `--quiet`. */
  note(text: string): void {
    if (this.quiet) return
    const stream = this.isTerminal && this.format === 'human' ? this.#streams.stdout : this.#streams.stderr
    stream.write(endLine(text))
  }

  /** Something the person should know, on stderr. Not silenced. */
  warn(text: string): void {
    this.#streams.stderr.write(`${this.errorStyle.warning('warning:')} ${endLine(text)}`)
  }

  /** For `--verbose` only, on stderr. */
  detail(text: string): void {
    if (this.verbose) this.#streams.stderr.write(endLine(text))
  }

  /** Raw text on stderr: errors and progress. */
  error(text: string): void {
    this.#streams.stderr.write(text)
  }

  /** A part of a result that is no text of ours, on stdout; settles when there is room for more. */
  async bytes(part: Uint8Array): Promise<void> {
    const { stdout } = this.#streams
    const isFull = stdout.write(part) === false
    if (isFull && stdout.once) await new Promise<void>((resolve) => stdout.once?.('drain', resolve))
  }

  /** The one JSON document of `--json`. */
  json(document: unknown): void {
    this.#streams.stdout.write(`${jsonText(document)}\n`)
  }

  /** One JSON document a line. */
  ndjson(documents: Iterable<unknown>): void {
    for (const document of documents) this.json(document)
  }

  /** A header line and one line a row, RFC 4180. */
  csv(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): void {
    this.#streams.stdout.write(csvLine(columns))
    for (const row of rows) this.#streams.stdout.write(csvLine(row))
  }

  #level(terminal: boolean): 0 | 1 | 2 | 3 {
    const { noColor, environment } = this.#options
    return colorLevel({ noColorOption: noColor, setting: this.#setting, terminal, environment })
  }
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
