/**
 * Completion scripts for bash, zsh and fish, written from the command table and the catalogue. They are complete in
 * themselves: pressing Tab starts no process and reads no vault.
 */
import { Failure } from '../foundation/index.ts'
import type { CommandSpec, Completion, OptionSpec } from './command.ts'
import { globalOptions, optionsOf } from './global-options.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export interface CompletionSource {
  readonly commands: readonly CommandSpec[]
  /** Metric ids and aliases. */
  readonly metricNames: readonly string[]
  /** Import formats, `auto` included. */
  readonly formatNames: readonly string[]
  /** Analysis methods. */
  readonly methodNames: readonly string[]
}

/** The script of a shell. Fails with USAGE on another shell. */
export function completionScript(shell: string, source: CompletionSource): string {
  if (shell === 'bash') return bashScript(source)
  if (shell === 'zsh') return zshScript(source)
  if (shell === 'fish') return fishScript(source)
  throw new Failure('USAGE', `there are no completions for "${shell.slice(0, 40)}"`, {
    hint: `healthmate completion ${shells.join('|')}`,
  })
}

/** What is offered: names of formats and methods are few and are written out. */
type Offered = Exclude<Completion, 'format' | 'method'>

interface CompletionNode {
  readonly path: string
  readonly spec: CommandSpec | undefined
  readonly subcommands: readonly CommandSpec[]
  readonly options: readonly OptionSpec[]
  readonly argument: Offered | undefined
}

const helpOption: OptionSpec = { name: 'help', short: 'h', help: 'help for this command' }
const versionOption: OptionSpec = { name: 'version', help: 'the version of the program' }

function nodes(source: CompletionSource): readonly CompletionNode[] {
  const root: CompletionNode = {
    path: '',
    spec: undefined,
    subcommands: shown(source.commands),
    options: [...globalOptions, helpOption, versionOption],
    argument: undefined,
  }
  return [root, ...below(source.commands, '', source)]
}

function below(
  commands: readonly CommandSpec[],
  parent: string,
  source: CompletionSource,
): readonly CompletionNode[] {
  return shown(commands).flatMap((spec) => {
    const path = parent === '' ? spec.name : `${parent} ${spec.name}`
    const { own, global } = optionsOf(spec)
    const completed = (spec.args ?? []).find((argument) => argument.complete !== undefined)?.complete
    const node: CompletionNode = {
      path,
      spec,
      subcommands: shown(spec.subcommands ?? []),
      options: [...own, ...global, helpOption],
      argument: offered(completed, source),
    }
    return [node, ...below(spec.subcommands ?? [], path, source)]
  })
}

function offered(complete: Completion | undefined, source: CompletionSource): Offered | undefined {
  if (complete === 'format') return source.formatNames
  return complete === 'method' ? source.methodNames : complete
}

function shown(commands: readonly CommandSpec[]): readonly CommandSpec[] {
  return commands.filter((spec) => spec.hidden !== true)
}

const heading =
  '# Completions of healthmate. Written by "npm run completions" from the command table; do not edit.'

function longNames(options: readonly OptionSpec[]): string {
  return options.map((option) => `--${option.name}`).join(' ')
}

function valueWords(complete: Offered | undefined, metrics: string): string {
  if (complete === 'metric') return metrics
  return typeof complete === 'object' ? complete.join(' ') : ''
}

/** What follows an option: its choices, or a file. */
function optionCompletion(option: OptionSpec): Offered | undefined {
  return option.complete ?? option.choices
}

function bashScript(source: CompletionSource): string {
  const { metricNames } = source
  const all = nodes(source)
  const paths = all.filter((node) => node.path !== '').map((node) => `'${node.path}'`)
  const cases = all.map((node) => {
    const words = [...node.subcommands.map((one) => one.name), valueWords(node.argument, '$metrics')]
      .join(' ')
      .trim()
    const files = node.argument === 'file' || hasFileArgument(node.spec) ? '1' : ''
    return `    '${node.path}') words="${words}"; options="${longNames(node.options)}"; files="${files}" ;;`
  })
  return `${heading}
_healthmate() {
  local current previous word path='' words='' options='' files='' index
  local metrics="${metricNames.join(' ')}"
  COMPREPLY=()
  current="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$previous" in
${optionCases(all)}
  esac
  case "$path" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n "$files" ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _healthmate healthmate hm
`
}

function hasFileArgument(spec: CommandSpec | undefined): boolean {
  return (spec?.args ?? []).some((argument) => argument.complete === 'file')
}

/** Options of the same name mean the same everywhere, so one case a name is enough; values nobody knows give nothing. */
function optionCases(all: readonly CompletionNode[]): string {
  const lines = new Map<string, string>()
  for (const option of all.flatMap((node) => node.options)) {
    if (option.value === undefined) continue
    const complete = optionCompletion(option)
    const reply =
      complete === 'file'
        ? 'COMPREPLY=($(compgen -f -- "$current"))'
        : `COMPREPLY=($(compgen -W "${valueWords(complete, '$metrics')}" -- "$current"))`
    lines.set(option.name, `    --${option.name}) ${reply}; return ;;`)
  }
  return [...lines.values()].join('\n')
}

function zshQuote(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:').replaceAll('[', '\\[').replaceAll(']', '\\]')
}

function zshScript(source: CompletionSource): string {
  const { metricNames } = source
  const all = nodes(source)
  const paths = all.filter((node) => node.path !== '').map((node) => `'${node.path}'`)
  return `#compdef healthmate hm
${heading}
_healthmate_metrics() {
  local -a names
  names=(${metricNames.join(' ')})
  _describe 'metric' names
}

_healthmate() {
  local path='' word
  local -a subcommands
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${all.map(zshCase).join('\n')}
  esac
}

if [ "$funcstack[1]" = "_healthmate" ]; then _healthmate "$@"; else compdef _healthmate healthmate hm; fi
`
}

function zshCase(node: CompletionNode): string {
  const subcommands = node.subcommands.map((one) => `'${one.name}:${zshQuote(one.summary)}'`)
  const lines = [`    '${node.path}')`]
  if (subcommands.length > 0) {
    lines.push(`      subcommands=(${subcommands.join(' ')})`)
    lines.push(`      if [[ "$PREFIX" != -* ]]; then _describe 'command' subcommands; fi`)
  }
  const options = node.options.map((option) => {
    const value = option.value === undefined ? '' : `:${option.value}:${zshValue(optionCompletion(option))}`
    const repeat = option.repeat ? '*' : ''
    return `'${repeat}--${option.name}[${zshQuote(option.help)}]${value}'`
  })
  lines.push(`      _arguments -S ${options.join(' ')} '*:value:${zshArgument(node)}'`)
  lines.push('      ;;')
  return lines.join('\n')
}

/** Words and files where a command takes both: `import csv file.csv`. */
function zshArgument(node: CompletionNode): string {
  const { argument } = node
  if (!hasFileArgument(node.spec) || argument === 'metric') return zshValue(argument)
  if (typeof argument !== 'object') return '_files'
  return `{_alternative "words:word:(${argument.join(' ')})" "files:file:_files"}`
}

function zshValue(complete: Offered | undefined): string {
  if (complete === 'file') return '_files'
  if (complete === 'metric') return '_healthmate_metrics'
  return complete === undefined ? ' ' : `(${complete.join(' ')})`
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function fishScript(source: CompletionSource): string {
  const { metricNames } = source
  const all = nodes(source)
  const known = all.filter((node) => node.path !== '').map((node) => fishQuote(node.path))
  const lines = all.flatMap(fishLines)
  return `${heading}
set -g __healthmate_metrics ${metricNames.join(' ')}
set -g __healthmate_paths ${known.join(' ')}

function __healthmate_path --description 'The command that the words so far name'
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim "$path $word")
        if contains -- "$longer" $__healthmate_paths
            set path $longer
        end
    end
    echo $path
end

function __healthmate_at --description 'Whether the words so far name this command'
    test (__healthmate_path) = "$argv[1]"
end

complete -c healthmate -f
complete -c hm -w healthmate
${lines.join('\n')}
`
}

function fishLines(node: CompletionNode): readonly string[] {
  const start = `complete -c healthmate -n ${fishQuote(`__healthmate_at "${node.path}"`)}`
  const lines = node.subcommands.map((one) => `${start} -a ${one.name} -d ${fishQuote(one.summary)}`)
  if (node.argument === 'metric') lines.push(`${start} -a "$__healthmate_metrics"`)
  if (typeof node.argument === 'object') lines.push(`${start} -a ${fishQuote(node.argument.join(' '))}`)
  if (hasFileArgument(node.spec)) lines.push(`${start} -F`)
  for (const option of node.options) {
    const short = option.short === undefined ? '' : ` -s ${option.short}`
    lines.push(`${start}${short} -l ${option.name}${fishValue(option)} -d ${fishQuote(option.help)}`)
  }
  return lines
}

function fishValue(option: OptionSpec): string {
  if (option.value === undefined) return ''
  const complete = optionCompletion(option)
  if (complete === 'file') return ' -r -F'
  return complete === undefined || complete === 'metric' ? ' -x' : ` -x -a ${fishQuote(complete.join(' '))}`
}
