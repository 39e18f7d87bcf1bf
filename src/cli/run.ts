/**
 * One run of the program: read the words, load the one command they name, run it, turn what it throws into words and
 * an exit code. Nothing here knows a command.
 */
import { Failure } from '../foundation/index.ts'
import { commandTable } from './command-table.ts'
import { Invocation } from './invocation.ts'
import { commandLoaders } from './loaders.ts'
import { presentError } from './present/failure.ts'
import { Output, type OutputOptions, type Streams } from './present/output.ts'
import { type ParsedLine, parseLine } from './program.ts'

export interface RunParts {
  /** Words after `healthmate`. */
  readonly words: readonly string[]
  readonly streams: Streams
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Runs and gives the exit code; never throws. */
export async function runProgram(parts: RunParts): Promise<number> {
  const output = new Output(parts.streams, outputOptions(parts))
  try {
    const line = parseLine(
      { commands: commandTable, hasCode: (path) => commandLoaders.has(path) },
      parts.words,
    )
    if (line.kind === 'help') {
      output.result(line.text)
      return 0
    }
    return (await runCommand(line, output, parts)) ?? 0
  } catch (error) {
    if (parts.signal.aborted) return interrupted(output)
    return presentError(error, output)
  }
}

async function runCommand(
  line: ParsedLine & { kind: 'run' },
  output: Output,
  parts: RunParts,
): Promise<number | undefined> {
  const { path, args, options } = line
  const invocation = new Invocation({
    path,
    args,
    options,
    output,
    signal: parts.signal,
    environment: parts.environment,
  })
  refuseWhatIsNotThere(invocation)
  const load = commandLoaders.get(path)
  if (load === undefined) throw new Failure('INTERNAL', `no code for "${path}"`)
  const code = await (await load()).run(invocation)
  return typeof code === 'number' ? code : undefined
}

function refuseWhatIsNotThere(invocation: Invocation): void {
  const machine = ['json', 'ndjson', 'csv'].filter((name) => invocation.takes(name) && invocation.flag(name))
  if (machine.length > 1)
    throw new Failure('USAGE', `--${machine[0]} and --${machine[1]} exclude each other`, {
      hint: 'Give one of them.',
    })
  const person = invocation.text('person')
  if (person !== undefined) {
    throw new Failure('NOT_FOUND', `nobody called "${person.slice(0, 60)}" shares a record with you`, {
      hint: 'Leave out --person to work on your own record.',
    })
  }
}

function interrupted(output: Output): number {
  const failure = new Failure('INTERRUPTED', 'interrupted; what was acknowledged before is kept')
  return output.format === 'human' && output.quiet ? failure.exitCode : presentError(failure, output)
}

/** Read from the bare words, because an error in parsing must already be printed in the format asked for. */
function outputOptions(parts: RunParts): OutputOptions {
  const end = parts.words.indexOf('--')
  const words = new Set(end < 0 ? parts.words : parts.words.slice(0, end))
  const format = (['json', 'ndjson', 'csv'] as const).find((name) => words.has(`--${name}`)) ?? 'human'
  return {
    format,
    quiet: words.has('--quiet') || words.has('-q'),
    verbose: words.has('--verbose'),
    noColor: words.has('--no-color'),
    environment: parts.environment,
  }
}
