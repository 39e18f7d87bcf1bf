import { describe, expect, it } from 'vitest'
import { errorDocument, presentError } from '../../../src/cli/present/failure.ts'
import { createProgress, progressText } from '../../../src/cli/present/progress.ts'
import { colorLevel, createStyle } from '../../../src/cli/present/style.ts'
import { renderTable } from '../../../src/cli/present/table.ts'
import { exitCodeByFailureCode, Failure, type FailureCode } from '../../../src/foundation/index.ts'
import { captured } from './captured-output.ts'

const plain = createStyle(0)

describe('errors', () => {
  const failure = new Failure('VAULT_LOCKED', 'the vault is locked', { hint: 'healthmate unlock' })

  it('are a short paragraph on stderr: what, why, and the command that mends it', () => {
    const { output, stdout, stderr } = captured()
    expect(presentError(failure, output)).toBe(4)
    expect(stderr()).toBe('healthmate: the vault is locked.\nhealthmate unlock\n')
    expect(stdout()).toBe('')
  })
  it('are one document on stdout with --json', () => {
    const { output, stdout, stderr } = captured({ format: 'json' })
    expect(presentError(failure, output)).toBe(4)
    expect(JSON.parse(stdout())).toEqual({
      error: { code: 'VAULT_LOCKED', message: 'the vault is locked', hint: 'healthmate unlock' },
    })
    expect(stderr()).toBe('')
  })
  it('show a stack only with --verbose, and its cause', () => {
    const { output, stderr } = captured({ verbose: true })
    presentError(new Failure('IO', 'no', { cause: new Error('deeper') }), output)
    expect(stderr()).toMatch(/Failure: no[\s\S]*caused by[\s\S]*deeper/)
  })
  it('that nobody expected are bugs: exit 1, their kind, no message that could hold a record', () => {
    const { output, stderr } = captured()
    expect(presentError(new TypeError('weight 81.4'), output)).toBe(1)
    expect(stderr()).toMatch(/inside the program: TypeError\.\n.*bug/)
    expect(stderr()).not.toContain('81.4')
    expect(errorDocument('thrown text').error.message).toMatch(/string/)
    expect(errorDocument(Object.assign(new Error('x'), { code: 'EMFILE' })).error.message).toMatch(/EMFILE/)
  })
  it('are no bug when a question was left by Ctrl-C: exit 130', () => {
    const { output, stderr } = captured()
    const left = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' })
    expect(presentError(left, output)).toBe(130)
    expect(stderr()).toBe('healthmate: interrupted.\n')
  })
  it('show nothing of what a terminal would act on', () => {
    const { output, stderr } = captured()
    presentError(new Failure('IO', 'file \u001b]52;c;eA\u0007 \u202egpj'), output)
    expect(stderr()).toBe('healthmate: file \\x1b]52;c;eA\\x07 \\u{202e}gpj.\n')
  })
  it.each(Object.keys(exitCodeByFailureCode) as FailureCode[])(
    '%s ends with the exit code of the contract',
    (code) => {
      const { output } = captured({ format: 'json' })
      const exit = presentError(new Failure(code, 'x'), output)
      expect(exit).toBe(exitCodeByFailureCode[code])
      expect([1, 2, 3, 4, 5, 6, 7, 8, 130]).toContain(exit)
    },
  )
})

describe('Output', () => {
  it('says notes on the terminal, and on stderr as soon as stdout is none', () => {
    const onTerminal = captured({}, { stdout: true })
    onTerminal.output.note('hello')
    expect([onTerminal.stdout(), onTerminal.stderr()]).toEqual(['hello\n', ''])
    const piped = captured()
    piped.output.note('hello')
    expect([piped.stdout(), piped.stderr()]).toEqual(['', 'hello\n'])
    const json = captured({ format: 'json' }, { stdout: true })
    json.output.note('hello')
    expect([json.stdout(), json.stderr()]).toEqual(['', 'hello\n'])
  })
  it('is silent but for results, warnings and errors when quiet', () => {
    const { output, stdout, stderr } = captured({ quiet: true })
    output.note('note')
    output.detail('detail')
    output.warn('mind this')
    output.result('result')
    expect(stdout()).toBe('result\n')
    expect(stderr()).toBe('warning: mind this\n')
  })
  it('gives details only when verbose', () => {
    const { output, stderr } = captured({ verbose: true })
    output.detail('more')
    expect(stderr()).toBe('more\n')
  })
  it('prints JSON, lines of JSON and CSV', () => {
    const { output, stdout } = captured()
    output.json({ a: 1 })
    output.ndjson([{ b: 2 }, { b: 3 }])
    output.csv(['x', 'y'], [[1, 'two']])
    expect(stdout()).toBe('{"a":1}\n{"b":2}\n{"b":3}\nx,y\n1,two\n')
  })
  it('knows the width of the terminal, else that of the environment, else 80', () => {
    expect(captured({}, { columns: 120 }).output.width).toBe(120)
    expect(captured({ environment: { COLUMNS: '60' } }).output.width).toBe(60)
    expect(captured({ environment: { COLUMNS: 'x' } }).output.width).toBe(80)
    expect(captured({}, { columns: 3 }).output.width).toBe(20)
  })
  it('colours only where it should', () => {
    const terminal = captured({}, { stdout: true, stderr: true })
    expect(terminal.output.style.bad('x')).not.toBe('x')
    expect(captured().output.style.bad('x')).toBe('x')
    terminal.output.useColorSetting('never')
    expect(terminal.output.style.bad('x')).toBe('x')
    expect(terminal.output.errorStyle.bad('x')).toBe('x')
  })
})

describe('colorLevel', () => {
  const question = { noColorOption: false, setting: 'auto' as const, terminal: true, environment: {} }
  it.each([
    [{ ...question }, 1],
    [{ ...question, terminal: false }, 0],
    [{ ...question, noColorOption: true, environment: { FORCE_COLOR: '1' } }, 0],
    [{ ...question, environment: { NO_COLOR: '1', FORCE_COLOR: '1' } }, 0],
    [{ ...question, environment: { NO_COLOR: '' } }, 1],
    [{ ...question, terminal: false, environment: { FORCE_COLOR: '' } }, 1],
    [{ ...question, terminal: false, environment: { FORCE_COLOR: '3' } }, 3],
    [{ ...question, environment: { FORCE_COLOR: '0' } }, 0],
    [{ ...question, setting: 'never' as const }, 0],
    [{ ...question, setting: 'always' as const, terminal: false }, 1],
    [{ ...question, environment: { TERM: 'dumb' } }, 0],
    [{ ...question, environment: { TERM: 'xterm-256color' } }, 2],
    [{ ...question, environment: { COLORTERM: 'truecolor' } }, 3],
  ])('%j → %i', (asked, level) => expect(colorLevel(asked)).toBe(level))
})

describe('renderTable', () => {
  const columns = [
    { title: 'id' },
    { title: 'value', align: 'right' as const },
    { title: 'note', flexible: true },
  ]
  const rows = [
    ['a', '7', 'a rather long note that goes on and on'],
    ['bcd', '128', ''],
  ]
  it('aligns columns under their titles', () => {
    expect(renderTable(columns, rows, { width: 80, style: plain })).toBe(
      ['id   value  note', 'a        7  a rather long note that goes on and on', 'bcd    128'].join('\n'),
    )
  })
  it('cuts flexible columns on a narrow terminal', () => {
    expect(renderTable(columns, rows, { width: 30, style: plain })).toBe(
      ['id   value  note', 'a        7  a rather long not…', 'bcd    128'].join('\n'),
    )
  })
  it('turns into blocks where cutting is not enough', () => {
    expect(renderTable(columns, rows, { width: 20, style: plain })).toBe(
      [
        'id     a',
        'value  7',
        'note   a rather long note that goes on and on',
        '',
        'id     bcd',
        'value  128',
      ].join('\n'),
    )
  })
  it('measures wide characters and colours as what they take', () => {
    const colored = createStyle(1)
    const text = renderTable([{ title: 'a' }, { title: 'b' }], [['日本', colored.bad('x')]], {
      width: 40,
      style: plain,
    })
    expect(text.split('\n')[0]).toBe('a     b')
  })
})

describe('progress', () => {
  function run(terminal: boolean) {
    const { output, stderr, stdout } = captured({}, { stderr: terminal, columns: 60 })
    let nowMs = 0
    const progress = createProgress(output, { nowMs: () => nowMs })
    const at = (ms: number, done: number): void => {
      nowMs = ms
      progress.update(done, 10_000_000, 'reading a\u001b[2Jb.xml')
    }
    return { at, end: () => progress.end(), stderr, stdout }
  }

  it('shows nothing of what takes under a second', () => {
    const { at, end, stderr } = run(true)
    at(900, 5)
    end()
    expect(stderr()).toBe('')
  })
  it('rewrites one line on a terminal and clears it in the end', () => {
    const { at, end, stderr, stdout } = run(true)
    at(2000, 2_000_000)
    at(2050, 2_100_000)
    at(4000, 4_000_000)
    end()
    expect(stderr().split('\r\u001b[2K')).toEqual([
      '',
      expect.stringContaining('20 %'),
      expect.stringContaining('40 %'),
      '',
    ])
    expect(stderr()).toContain('reading a\\x1b[2Jb.xml')
    expect(stdout()).toBe('')
  })
  it('prints a plain line every few seconds elsewhere', () => {
    const { at, end, stderr } = run(false)
    at(2000, 1)
    at(5000, 5_000_000)
    at(6000, 6_000_000)
    end()
    expect(stderr()).toBe('reading a\\x1b[2Jb.xml  50 %  5.0 MB of 10.0 MB  1.0 MB/s  5 s left\n')
  })
  it('is silent when quiet', () => {
    const { output, stderr } = captured({ quiet: true })
    const progress = createProgress(output, { nowMs: () => 1e9 })
    progress.update(1, 2, 'x')
    progress.end()
    expect(stderr()).toBe('')
  })
  it.each([
    [
      { done: 1500, total: undefined, what: 'w', unit: 'records' as const, elapsedMs: 1000 },
      'w  1,500 records  1,500 records/s',
    ],
    [
      { done: 2e9, total: 3e9, what: 'w', unit: 'bytes' as const, elapsedMs: 100_000 },
      'w  66 %  2.0 GB of 3.0 GB  20.0 MB/s  50 s left',
    ],
    [
      { done: 1e6, total: 1e9, what: 'w', unit: 'bytes' as const, elapsedMs: 1000 },
      'w  0 %  1.0 MB of 1.0 GB  1.0 MB/s  16 min 39 s left',
    ],
    [
      { done: 1e3, total: 1e7, what: 'w', unit: 'bytes' as const, elapsedMs: 1000 },
      'w  0 %  1 kB of 10.0 MB  1 kB/s  2 h 46 min left',
    ],
  ])('says rate and time left: %j', (state, text) => expect(progressText(state)).toBe(text))
})
