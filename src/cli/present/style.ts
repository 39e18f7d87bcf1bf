/** Colours by meaning, and whether there are any: `--no-color`, NO_COLOR, FORCE_COLOR, the setting, the terminal. */
import { Chalk, type ChalkInstance } from 'chalk'

export type ColorSetting = 'auto' | 'always' | 'never'

export interface ColorQuestion {
  readonly noColorOption: boolean
  readonly setting: ColorSetting
  readonly terminal: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** 0 none, 1 sixteen colours, 2 256 colours, 3 true colour. What is said for this run beats the setting. */
export function colorLevel(question: ColorQuestion): 0 | 1 | 2 | 3 {
  const { environment } = question
  if (question.noColorOption || (environment['NO_COLOR'] ?? '') !== '') return 0
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forcedLevel(forced)
  if (question.setting === 'never') return 0
  if (question.setting === 'always') return 1
  if (!question.terminal || environment['TERM'] === 'dumb') return 0
  if (/^(truecolor|24bit)$/.test(environment['COLORTERM'] ?? '')) return 3
  return /-256(color)?$/.test(environment['TERM'] ?? '') ? 2 : 1
}

function forcedLevel(text: string): 0 | 1 | 2 | 3 {
  if (text === 'false' || text === '0') return 0
  return text === '2' || text === '3' ? (Number(text) as 2 | 3) : 1
}

/** Colours by meaning. Nothing is told by colour alone. */
export interface Style {
  readonly level: 0 | 1 | 2 | 3
  strong(text: string): string
  dim(text: string): string
  good(text: string): string
  warning(text: string): string
  bad(text: string): string
  command(text: string): string
}

export function createStyle(level: 0 | 1 | 2 | 3): Style {
  const chalk: ChalkInstance = new Chalk({ level })
  return {
    level,
    strong: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    warning: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
    command: (text) => chalk.cyan(text),
  }
}
