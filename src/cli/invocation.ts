/** One run of a command: its arguments and options as parsed, where it prints, and what interrupts it. */
import { assert, Failure } from '../foundation/index.ts'
import type { Output } from './present/output.ts'

export type ParsedValue = string | boolean | readonly string[] | undefined

export interface InvocationParts {
  /** `med list`. */
  readonly path: string
  readonly args: ReadonlyMap<string, ParsedValue>
  readonly options: ReadonlyMap<string, ParsedValue>
  readonly output: Output
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
}

export class Invocation {
  readonly path: string
  readonly output: Output
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly #args: ReadonlyMap<string, ParsedValue>
  readonly #options: ReadonlyMap<string, ParsedValue>

  constructor(parts: InvocationParts) {
    this.path = parts.path
    this.output = parts.output
    this.signal = parts.signal
    this.environment = parts.environment
    this.#args = parts.args
    this.#options = parts.options
  }

  /** A required argument. */
  argument(name: string): string {
    const value = this.optionalArgument(name)
    assert(value !== undefined, `argument ${name} of "${this.path}" is required in the command table`)
    return value
  }

  optionalArgument(name: string): string | undefined {
    const value = declared(this.#args, name, this.path)
    return typeof value === 'string' ? value : undefined
  }

  /** The values of an argument that takes many. */
  arguments(name: string): readonly string[] {
    const value = declared(this.#args, name, this.path)
    return Array.isArray(value) ? value : []
  }

  /** Whether the table gives this command such an option. */
  takes(name: string): boolean {
    return this.#options.has(name)
  }

  /** Whether a switch was given. */
  flag(name: string): boolean {
    return declared(this.#options, name, this.path) === true
  }

  /** The value of an option. */
  text(name: string): string | undefined {
    const value = declared(this.#options, name, this.path)
    return typeof value === 'string' ? value : undefined
  }

  /** The values of an option that may be given several times. */
  texts(name: string): readonly string[] {
    const value = declared(this.#options, name, this.path)
    return Array.isArray(value) ? value : []
  }

  /** The value of an option as a decimal number. Fails with USAGE on anything else. */
  number(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim())) {
      throw new Failure('USAGE', `--${name} takes a number, not "${text.slice(0, 40)}"`)
    }
    return Number(text)
  }

  /** The value of an option as a whole number of at least `least`. Fails with USAGE on anything else. */
  count(name: string, least = 0): number | undefined {
    const value = this.number(name)
    if (value !== undefined && (!Number.isSafeInteger(value) || value < least)) {
      throw new Failure('USAGE', `--${name} takes a whole number from ${least} up`)
    }
    return value
  }

  /** Whether prompts are allowed: standard input is a terminal and `--no-input` was not given. */
  get interactive(): boolean {
    return this.output.inputIsTerminal && !this.flag('no-input')
  }
}

/** A name that the command table does not give this command is a mistake in the code, not of the person. */
function declared(values: ReadonlyMap<string, ParsedValue>, name: string, path: string): ParsedValue {
  assert(values.has(name), `the command table gives "${path}" no "${name}"`)
  return values.get(name)
}
