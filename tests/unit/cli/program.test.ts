import { describe, expect, it } from 'vitest'
import type { CommandSpec } from '../../../src/cli/command.ts'
import { commandPaths, commandTable } from '../../../src/cli/command-table.ts'
import { globalOptions, optionsOf } from '../../../src/cli/global-options.ts'
import { commandLoaders } from '../../../src/cli/loaders.ts'
import { parseLine } from '../../../src/cli/program.ts'
import { editDistance, nearestNames } from '../../../src/foundation/index.ts'

const program = {
  commands: commandTable,
  hasCode: (path: string) => leafPaths.has(path) || path === 'import',
}
const leafPaths = new Set(
  commandPaths()
    .filter(({ spec }) => spec.subcommands === undefined)
    .map(({ path }) => path),
)

function parsed(...words: string[]) {
  const line = parseLine(program, words)
  if (line.kind !== 'run') throw new Error(`help instead of a command: ${line.text}`)
  return { path: line.path, args: Object.fromEntries(line.args), options: Object.fromEntries(line.options) }
}

function helpOf(...words: string[]): string {
  const line = parseLine(program, words)
  if (line.kind !== 'help') throw new Error('no help')
  return line.text
}

describe('parseLine', () => {
  it('gives the arguments and options of a command', () => {
    const line = parsed('log', 'bp', '128/82', '--pulse', '64', '--tag', 'a', '--tag', 'b', '--note', 'x y')
    expect(line.path).toBe('log')
    expect(line.args).toEqual({ metric: 'bp', value: ['128/82'] })
    expect(line.options).toMatchObject({ pulse: '64', tag: ['a', 'b'], note: 'x y' })
  })
  it('takes global options before and after the command', () => {
    expect(parsed('--vault', 'list', '--json', 'list', 'bp').options).toMatchObject({
      vault: 'list',
      json: true,
    })
    expect(parsed('list', 'bp', '--vault=kid', '--no-color').options).toMatchObject({
      vault: 'kid',
      'no-color': true,
    })
    expect(parsed('list').options).toMatchObject({ 'no-color': false, 'no-input': false })
  })
  it('goes down to subcommands, and takes what is none as an argument where the parent runs too', () => {
    expect(parsed('goal', 'set', 'weight', '78kg').path).toBe('goal set')
    expect(parsed('import', 'history').path).toBe('import history')
    expect(parsed('import', 'apple-health', 'a.zip', '-')).toMatchObject({
      path: 'import',
      args: { format: 'apple-health', path: ['a.zip', '-'] },
    })
  })
  it('takes negative numbers and a single dash as values', () => {
    expect(parsed('log', 'wrist_temperature', '-0.3').args).toEqual({
      metric: 'wrist_temperature',
      value: ['-0.3'],
    })
    expect(parsed('log', 'weight', '-').args['value']).toEqual(['-'])
  })
  it('takes everything after -- as it stands', () => {
    expect(parsed('search', '--', '--help', '--vault').args['words']).toEqual(['--help', '--vault'])
  })
  it.each([
    [['lst'], /no command "healthmate lst"; did you mean "list"\?/],
    [['goal', 'sett'], /no command "healthmate goal sett"; did you mean "set"\?/],
    [['list', '--lst'], /unknown option '--lst'; did you mean --last\?/],
    [['show'], /missing required argument 'id'/],
    [['goal'], /"healthmate goal" needs one of: set, list, rm/],
    [['trend', 'weight', '--method', 'magic'], /'magic' is invalid.*auto, theil-sen, ols/],
    [['log', 'bp', '--at'], /'--at <WHEN>' argument missing/],
    [['undo', 'now'], /too many arguments/],
    [['--nonsense'], /unknown option '--nonsense'/],
    [['xyzzyx'], /no command "healthmate xyzzyx"$/],
  ])('refuses %j with what was probably meant', (words, message) => {
    expect(() => parseLine(program, words)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/--help$/),
      }),
    )
  })
  it('has no short way that takes --dry-run or --yes where they mean nothing', () => {
    expect(() => parsed('list', '--yes')).toThrow(/unknown option/)
    expect(() => parsed('show', 'x', '--dry-run')).toThrow(/unknown option/)
  })
})

describe('help', () => {
  it.each([[[]], [['--help']], [['help']], [['-h']]])(
    '%j is the list of commands with worked examples',
    (words) => {
      const text = helpOf(...words)
      for (const spec of commandTable) {
        if (!spec.hidden) expect(text).toContain(spec.name)
      }
      expect(text).not.toContain('agent-host')
      expect(text).toMatch(/\$ healthmate log bp 128\/82/)
    },
  )
  it.each(commandPaths().map(({ path, spec }) => [path, spec] as const))(
    '%s has a page with an example',
    (path, spec) => {
      const text = helpOf(...path.split(' '), '--help')
      expect(text).toContain(`Usage: healthmate ${path}`)
      expect(text).toContain(`$ ${spec.examples[0]?.command}`)
      expect(text).toContain('--vault <FILE>')
      for (const subcommand of spec.subcommands ?? []) expect(text).toContain(subcommand.name)
      expect(helpOf('help', ...path.split(' '))).toBe(text)
    },
  )
})

describe('the command table', () => {
  it('has code for every command, and no code without a command', () => {
    const paths = commandPaths().map(({ path }) => path)
    expect([...commandLoaders.keys()].filter((path) => !paths.includes(path))).toEqual([])
    expect([...leafPaths].filter((path) => !commandLoaders.has(path))).toEqual([])
  })
  it('has an example for every command that starts with healthmate and parses', () => {
    for (const { path, spec } of commandPaths()) {
      expect(spec.examples.length, path).toBeGreaterThan(0)
      for (const { command } of spec.examples)
        expect(() => parseLine(program, wordsOf(command)), command).not.toThrow()
    }
  })
  it('names no option twice in one command, globals included', () => {
    for (const { path, spec } of commandPaths()) {
      const { own, global } = optionsOf(spec)
      const names = [...own, ...global].flatMap(({ name, short }) => (short ? [name, short] : [name]))
      expect(new Set(names).size, path).toBe(names.length)
    }
  })
  it('takes no secret as an argument or option value', () => {
    const secrets = (specs: readonly CommandSpec[]) =>
      commandPaths(specs).flatMap(({ spec }) =>
        [...(spec.args ?? []), ...(spec.options ?? [])].map(({ name }) => name),
      )
    for (const name of [...secrets(commandTable), ...globalOptions.map((option) => option.name)]) {
      expect(name).not.toMatch(/^(passphrase|password|code|key-value|secret)$/)
    }
  })
})

/** The words of an example, without redirections. */
function wordsOf(command: string): string[] {
  const words = command.replace(/ [<>].*$/, '').match(/"[^"]*"|\S+/g) ?? []
  return words.slice(1).map((word) => word.replace(/^"|"$/g, ''))
}

describe('suggestions', () => {
  it.each([
    ['lst', ['list']],
    ['exprot', ['export']],
    ['trned', ['trend']],
    ['met', ['metrics']],
    ['qqqqqq', []],
  ])('%s → %j', (typed, expected) => {
    const names = commandTable.map((spec) => spec.name)
    expect(nearestNames(typed, names)).toEqual(expected)
  })
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %i edits apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})
