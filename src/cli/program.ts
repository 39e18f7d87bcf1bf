/**
 * The command line as a program: from words to the command they mean.
 *
 * Walking down the table needs no library; commander parses the options of the one command that was named, and
 * writes help. So a command pays for itself alone, however many the table holds.
 */
import { Argument, Command, CommanderError, Option } from 'commander'
import { Failure, nearestNames } from '../foundation/index.ts'
import type { ArgumentSpec, CommandSpec, OptionSpec } from './command.ts'
import { globalOptions, optionsOf } from './global-options.ts'
import type { ParsedValue } from './invocation.ts'

/** What the words say: run a command, or print help. */
export type ParsedLine =
  | { readonly kind: 'help'; readonly text: string }
  | {
      readonly kind: 'run'
      readonly path: string
      readonly args: ReadonlyMap<string, ParsedValue>
      readonly options: ReadonlyMap<string, ParsedValue>
    }

const programName = 'healthmate'

/** The root of the table: what `healthmate` alone means. */
export interface ProgramSpec {
  readonly commands: readonly CommandSpec[]
  /** Whether there is code for this path; a node without code only groups its subcommands. */
  readonly hasCode: (path: string) => boolean
}

/** Reads the words after `healthmate`. Fails with USAGE, naming what was probably meant. */
export function parseLine(program: ProgramSpec, words: readonly string[]): ParsedLine {
  const { chain, rest } = walkDown(program, words)
  const spec = chain.at(-1)
  const path = chain.map((one) => one.name).join(' ')
  const wantsHelp = asksForHelp(rest)
  if (spec === undefined) return rootLine(program, rest, wantsHelp)
  if (wantsHelp) return { kind: 'help', text: commandHelp(spec, path) }
  if (!program.hasCode(path)) return groupLine(spec, path, rest)
  return { kind: 'run', path, ...parseCommand(spec, path, rest) }
}

/** Global options may stand before the command: `healthmate --vault kid list`. */
function walkDown(
  program: ProgramSpec,
  words: readonly string[],
): { chain: readonly CommandSpec[]; rest: readonly string[] } {
  const chain: CommandSpec[] = []
  const before: string[] = []
  let choices = program.commands
  let index = 0
  for (; index < words.length; index++) {
    const word = words[index] as string
    if (word === '--') break
    if (word.startsWith('-') && word !== '-') {
      before.push(word)
      if (takesNextWord(word) && index + 1 < words.length) before.push(words[++index] as string)
      continue
    }
    if (chain.length === 0 && word === 'help') {
      before.push('--help')
      continue
    }
    const next = choices.find((spec) => spec.name === word)
    if (next === undefined) break
    chain.push(next)
    choices = next.subcommands ?? []
    if (choices.length === 0) {
      index++
      break
    }
  }
  return { chain, rest: [...before, ...words.slice(index)] }
}

function takesNextWord(word: string): boolean {
  return globalOptions.some((option) => option.value !== undefined && word === `--${option.name}`)
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).some((word) => word === '--help' || word === '-h')
}

function rootLine(program: ProgramSpec, rest: readonly string[], wantsHelp: boolean): ParsedLine {
  const word = rest.find((one) => !one.startsWith('-'))
  if (wantsHelp || rest.length === 0) return { kind: 'help', text: rootHelp(program) }
  if (word === undefined) {
    const bare = new Command(programName)
    for (const option of globalOptions) bare.addOption(toOption(option))
    parseWith(bare, rest, programName)
    return { kind: 'help', text: rootHelp(program) }
  }
  throw unknownCommand(word, program.commands, programName)
}

function groupLine(spec: CommandSpec, path: string, rest: readonly string[]): ParsedLine {
  const word = rest.find((one) => !one.startsWith('-'))
  if (word !== undefined) throw unknownCommand(word, spec.subcommands ?? [], `${programName} ${path}`)
  const names = visible(spec.subcommands ?? []).map((one) => one.name)
  throw new Failure('USAGE', `"${programName} ${path}" needs one of: ${names.join(', ')}`, {
    hint: `${programName} ${path} --help`,
  })
}

function unknownCommand(word: string, among: readonly CommandSpec[], parent: string): Failure {
  const near = nearestNames(
    word,
    visible(among).map((spec) => spec.name),
  )
  const meant = near.length === 0 ? '' : `; did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
  return new Failure('USAGE', `there is no command "${parent} ${word.slice(0, 40)}"${meant}`, {
    hint: `${parent} --help`,
  })
}

function visible(specs: readonly CommandSpec[]): readonly CommandSpec[] {
  return specs.filter((spec) => spec.hidden !== true)
}

function parseCommand(
  spec: CommandSpec,
  path: string,
  words: readonly string[],
): { args: ReadonlyMap<string, ParsedValue>; options: ReadonlyMap<string, ParsedValue> } {
  const command = toCommand(spec, path)
  parseWith(command, words, `${programName} ${path}`)
  const args = new Map<string, ParsedValue>()
  for (const [index, argument] of (spec.args ?? []).entries()) {
    args.set(argument.name, command.processedArgs[index] as ParsedValue)
  }
  const { own, global } = optionsOf(spec)
  const options = new Map<string, ParsedValue>()
  const values = command.opts<Record<string, ParsedValue>>()
  for (const option of [...own, ...global]) options.set(option.name, optionValue(option, values))
  return { args, options }
}

/** Commander stores `--no-x` as `x: false`; the table's name is `no-x`. */
function optionValue(option: OptionSpec, values: Readonly<Record<string, ParsedValue>>): ParsedValue {
  if (option.name.startsWith('no-')) return values[camelCase(option.name.slice(3))] === false
  return values[camelCase(option.name)]
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function parseWith(command: Command, words: readonly string[], shownName: string): void {
  command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    throw new Failure('USAGE', message, { hint: `${shownName} --help` })
  }
}

/** One command of the table as commander knows it. */
function toCommand(spec: CommandSpec, path: string): Command {
  const command = new Command(`${programName} ${path}`).summary(spec.summary).action(() => {})
  command.description(
    spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
  )
  command.helpOption('-h, --help', 'this page')
  for (const argument of spec.args ?? []) command.addArgument(toArgument(argument))
  const { own, global } = optionsOf(spec)
  for (const option of own) command.addOption(toOption(option))
  for (const option of global) command.addOption(toOption(option).helpGroup('Options of every command:'))
  return command
}

function toArgument(argument: ArgumentSpec): Argument {
  const name = argument.many ? `${argument.name}...` : argument.name
  return new Argument(argument.required ? `<${name}>` : `[${name}]`, argument.help)
}

function toOption(spec: OptionSpec): Option {
  const long = spec.value === undefined ? `--${spec.name}` : `--${spec.name} <${spec.value}>`
  const option = new Option(spec.short === undefined ? long : `-${spec.short}, ${long}`, spec.help)
  if (spec.choices) option.choices(spec.choices)
  if (spec.repeat)
    option.argParser((value: string, all: readonly string[] | undefined) => [...(all ?? []), value])
  return option
}

function commandHelp(spec: CommandSpec, path: string): string {
  const command = toCommand(spec, path)
  for (const subcommand of visible(spec.subcommands ?? [])) {
    command.addCommand(toCommand(subcommand, `${path} ${subcommand.name}`).name(subcommand.name))
  }
  command.helpCommand(false)
  return `${command.helpInformation()}\n${examplesText(spec)}`
}

function examplesText(spec: CommandSpec): string {
  const lines = spec.examples.map((example) => `  $ ${example.command}\n      ${example.does}`)
  return `Examples:\n${lines.join('\n')}\n`
}

function rootHelp(program: ProgramSpec): string {
  const root = new Command(programName).helpCommand(false).usage('<command> [options]')
  root.description(
    'A personal health vault: one encrypted file on this computer, and a command line to use it.',
  )
  root.helpOption('-h, --help', 'this page; also: healthmate <command> --help')
  root.option('--version', 'the version of the program')
  for (const option of globalOptions) root.addOption(toOption(option))
  for (const spec of visible(program.commands)) {
    root.addCommand(new Command(spec.name).summary(spec.summary).usage('').helpOption(false))
  }
  const examples = [
    { command: 'healthmate init', does: 'make the vault' },
    { command: 'healthmate log bp 128/82 --pulse 64', does: 'log a blood pressure and pulse' },
    { command: 'healthmate import apple-health export.zip', does: 'read an Apple Health export' },
    { command: 'healthmate trend weight --last 6mo', does: 'where the weight is going' },
  ]
  const lines = examples.map((example) => `  $ ${example.command}\n      ${example.does}`)
  return `${root.helpInformation()}\nExamples:\n${lines.join('\n')}\n`
}
