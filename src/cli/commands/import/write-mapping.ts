/** `import csv FILE --interactive`: asks what each column of a table means and saves the answers as a mapping. */
import { guessOf, type MappingQuestions, saveMapping } from '../../../app/index.ts'
import { Failure } from '../../../foundation/index.ts'
import {
  type ColumnAnswer,
  type ColumnGuess,
  mappingFrom,
  type TableAnswers,
} from '../../../importers/index.ts'
import { findMetric, resolveUnit } from '../../../metrics/index.ts'
import type { Invocation } from '../../invocation.ts'
import { oneLine } from '../../present/terminal.ts'
import { setupOf } from '../../setup.ts'

type TimeFormat = TableAnswers['timeFormat']

/** What the dialogue needs of a terminal; a test answers in its place. */
export interface Asker {
  choose<Value>(
    message: string,
    choices: readonly { name: string; value: Value }[],
    preset: Value,
  ): Promise<Value>
  /** `check` says what is wrong with an answer, or ''. */
  type(message: string, preset: string, check: (text: string) => string): Promise<string>
}

/** Returns the name that the mapping was saved under. */
export async function writeMapping(invocation: Invocation, path: string, asker?: Asker): Promise<string> {
  const questions = await guessOf(path)
  const ask = asker ?? (await terminalAsker())
  const answers = await answersTo(questions, ask)
  const { delimiter: _, ...withoutDelimiter } = mappingFrom(questions, answers)
  const mapping =
    questions.sheet === undefined
      ? mappingFrom(questions, answers)
      : { ...withoutDelimiter, sheet: questions.sheet }
  const name = await ask.type('Name of the mapping (for --map):', 'my-table', (text) =>
    /^[a-z0-9][a-z0-9-]{0,63}$/.test(text) ? '' : 'Lower-case letters, digits and hyphens.',
  )
  const saved = saveMapping(setupOf(invocation).paths, name, mapping)
  invocation.output.note(
    `The mapping is saved as ${oneLine(saved)}. Next time: healthmate import csv FILE --map ${name}`,
  )
  return name
}

export async function answersTo(questions: MappingQuestions, ask: Asker): Promise<TableAnswers> {
  const columns: ColumnAnswer[] = []
  for (const guess of questions.columns) columns.push(await columnAnswer(guess, ask))
  if (!columns.some(({ role }) => role === 'time')) {
    throw new Failure('USAGE', 'no column was said to hold the time', {
      hint: 'Run it again and choose one.',
    })
  }
  if (!columns.some(({ role }) => role === 'value')) {
    throw new Failure('USAGE', 'no column was said to hold a value', { hint: 'Run it again and choose one.' })
  }
  const timeFormat = questions.timeFormat ?? (await dateOrder(ask))
  const zone = await ask.type('Time zone of the table (IANA; empty: the zone at each import):', '', zoneFault)
  const source = await ask.type('What made the table (shown as source):', 'CSV', () => '')
  return {
    columns,
    timeFormat,
    ...(zone.trim() === '' ? {} : { zone: zone.trim() }),
    ...(source.trim() === '' ? {} : { source: source.trim() }),
  }
}

function dateOrder(ask: Asker): Promise<TimeFormat> {
  const choices = [
    { name: 'day first (05/12/2026 is 5 December)', value: 'day-first' as const },
    { name: 'month first (05/12/2026 is 12 May)', value: 'month-first' as const },
  ]
  return ask.choose<TimeFormat>('Dates can be read in two ways:', choices, 'day-first')
}

async function columnAnswer(guess: ColumnGuess, ask: Asker): Promise<ColumnAnswer> {
  const samples = guess.samples.length === 0 ? 'empty' : guess.samples.map(oneLine).join(', ')
  const role = await ask.choose(`"${oneLine(guess.name)}" (${samples}) is`, roleChoices(guess), guess.role)
  if (role !== 'value') return { name: guess.name, role }
  const typed = await ask.type('Which metric (name, alias or LOINC)?', guess.metric ?? '', metricFault)
  const metric = findMetric(typed)
  const component = await componentOf(
    guess,
    metric.components.map(({ name }) => name),
    ask,
  )
  const preset = guess.metric === metric.id ? (guess.unit ?? '') : ''
  const labels = metric.units.map(({ label }) => label).join(', ')
  const unit =
    preset !== '' || metric.units.length === 1
      ? preset || metric.unit
      : await ask.type(`In which unit (${labels})?`, '', (text) => unitFault(metric.id, text))
  return {
    name: guess.name,
    role,
    metric: metric.id,
    ...(component === undefined ? {} : { component }),
    unit: resolveUnit(metric, unit).ucum,
  }
}

function roleChoices({ metric }: ColumnGuess) {
  return [
    { name: metric === undefined ? 'a value' : `a value (${metric})`, value: 'value' as const },
    { name: 'the time or a part of it', value: 'time' as const },
    { name: 'the end of an interval', value: 'end' as const },
    { name: 'a note', value: 'note' as const },
    { name: 'tags', value: 'tags' as const },
    { name: 'kept beside the values', value: 'keep' as const },
    { name: 'left out', value: 'ignore' as const },
  ]
}

async function componentOf(
  guess: ColumnGuess,
  names: readonly string[],
  ask: Asker,
): Promise<number | undefined> {
  if (names.length === 0) return undefined
  const choices = names.map((name, value) => ({ name, value }))
  return guess.component ?? (await ask.choose('Which of its numbers?', choices, 0))
}

function metricFault(text: string): string {
  return faultOf(() => findMetric(text))
}

function unitFault(metric: string, text: string): string {
  return faultOf(() => resolveUnit(findMetric(metric), text))
}

function zoneFault(text: string): string {
  if (text.trim() === '') return ''
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text.trim() })
    return ''
  } catch {
    return 'Write a zone as Europe/Paris.'
  }
}

function faultOf(attempt: () => unknown): string {
  try {
    attempt()
    return ''
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`
  }
}

async function terminalAsker(): Promise<Asker> {
  const { default: inquirer } = await import('inquirer')
  const prompt = inquirer.createPromptModule({ input: process.stdin, output: process.stderr })
  return {
    async choose(message, choices, preset) {
      const { answer } = await prompt([
        { type: 'select', name: 'answer', message, choices: [...choices], default: preset },
      ])
      return answer as (typeof choices)[number]['value']
    },
    async type(message, preset, check) {
      const { answer } = await prompt<{ answer: string }>([
        {
          type: 'input',
          name: 'answer',
          message,
          default: preset,
          validate: (text: string) => check(text) || true,
        },
      ])
      return answer
    },
  }
}
