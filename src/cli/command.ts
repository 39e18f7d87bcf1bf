/**
 * What a command is, as data: the table (`table/*.ts`) describes every command in these types, and help, parsing,
 * suggestions and completion are derived from it. The code of a command is a `CommandModule`, loaded when it runs.
 */
import type { Invocation } from './invocation.ts'

/** `<name>` is required, `[name]` is not; `…` after the name takes all that follows. */
export interface ArgumentSpec {
  readonly name: string
  readonly required?: boolean
  readonly many?: boolean
  readonly help: string
  /** What the shell completes here. */
  readonly complete?: Completion
}

export type Completion = 'metric' | 'format' | 'method' | 'file' | readonly string[]

export interface OptionSpec {
  /** Long name without dashes: `dry-run`. A name `no-x` is given to `Invocation.flag` as it stands. */
  readonly name: string
  /** One letter. */
  readonly short?: string
  /** Name of the value in help; absent for a switch. */
  readonly value?: string
  readonly help: string
  /** May be given several times. */
  readonly repeat?: boolean
  /** The only values accepted. */
  readonly choices?: readonly string[]
  readonly complete?: Exclude<Completion, 'format' | 'method'>
}

export interface Example {
  readonly command: string
  /** What the example does, in a few words. */
  readonly does: string
}

export type OutputFormat = 'json' | 'ndjson' | 'csv'

export interface CommandSpec {
  readonly name: string
  /** One line, no full stop. */
  readonly summary: string
  /** Paragraphs under the usage line of `--help`. */
  readonly description?: string
  readonly args?: readonly ArgumentSpec[]
  readonly options?: readonly OptionSpec[]
  /** Machine formats beside `json`, which every command has. */
  readonly formats?: readonly OutputFormat[]
  /** Writes more than one record: takes `--dry-run`. */
  readonly dryRun?: boolean
  /** Destroys something or asks back: takes `--yes`. */
  readonly confirms?: boolean
  /** At least one. */
  readonly examples: readonly Example[]
  readonly subcommands?: readonly CommandSpec[]
  /** Part of the program's own machinery: not in help, not in completions. */
  readonly hidden?: boolean
}

/** The code of a command. What it returns is the exit code; nothing means 0. */
export interface CommandModule {
  run(invocation: Invocation): Promise<number | undefined> | Promise<void>
}

export type CommandLoader = () => Promise<CommandModule>
