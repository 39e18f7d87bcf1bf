import { chmodSync, closeSync, linkSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  choosePassphraseSource,
  fromFile,
  type PassphraseSources,
  readPassphrase,
  splitCommand,
} from '../../../src/app/passphrase.ts'
import { bytesToUtf8, Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'
import { freshPlaces } from './places.ts'

const nothing: PassphraseSources = { insecureEnvironment: false, environment: {}, agentAnswers: false }
const prompt = () => Promise.resolve(new Redacted(utf8ToBytes('typed')))

function secretFile(content: string | Uint8Array, mode = 0o600): string {
  const path = join(freshPlaces().folder, 'secret')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

async function read(sources: Partial<PassphraseSources>): Promise<string> {
  const all = { ...nothing, ...sources }
  return bytesToUtf8((await readPassphrase(choosePassphraseSource(all), all)).dangerouslyExpose())
}

describe('the source that applies', () => {
  const everything: PassphraseSources = {
    descriptor: 3,
    file: '/f',
    insecureEnvironment: true,
    environment: {
      HEALTHMATE_PASSPHRASE_FILE: '/e',
      HEALTHMATE_PASSPHRASE_COMMAND: 'pass hm',
      HEALTHMATE_PASSPHRASE: 'x',
    },
    agentAnswers: true,
    prompt,
  }
  it('is the first of the documented order', () => {
    const { descriptor: _d, ...noDescriptor } = everything
    const { file: _f, ...noFile } = noDescriptor
    const withoutFileVariable = {
      ...noFile,
      environment: { ...everything.environment, HEALTHMATE_PASSPHRASE_FILE: '' },
    }
    const variableOnly = { ...noFile, environment: { HEALTHMATE_PASSPHRASE: 'x' } }
    const bare = { ...noFile, environment: {} }
    const { prompt: _p, ...silent } = { ...bare, agentAnswers: false }
    const cases = [
      everything,
      noDescriptor,
      noFile,
      withoutFileVariable,
      variableOnly,
      bare,
      { ...bare, agentAnswers: false, keychainEnrolled: () => true },
      { ...bare, agentAnswers: false, keychainEnrolled: () => false },
      silent,
    ]
    expect(cases.map((one) => choosePassphraseSource(one).source)).toEqual([
      'descriptor',
      'file',
      'file',
      'command',
      'environment',
      'agent',
      'keychain',
      'prompt',
      'none',
    ])
    expect(choosePassphraseSource(noFile).why).toBe('HEALTHMATE_PASSPHRASE_FILE is set')
    expect(choosePassphraseSource({ ...silent, noPromptReason: '--no-input was given' }).why).toBe(
      '--no-input was given',
    )
  })
  it('is never the plain environment unless it was asked for', () => {
    const sources = { ...nothing, environment: { HEALTHMATE_PASSPHRASE: 'x' }, prompt, agentAnswers: true }
    expect(() => choosePassphraseSource(sources)).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--insecure-env') }),
    )
  })
  it('that is none ends with VAULT_LOCKED and the way out', async () => {
    await expect(read({})).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      hint: expect.stringContaining('healthmate unlock'),
    })
    await expect(read({ agentAnswers: true })).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    await expect(readPassphrase({ source: 'prompt', why: 'x' }, nothing)).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
    })
  })
})

describe('a passphrase file', () => {
  it.each([
    ['correct horse\n', 'correct horse'],
    ['correct horse\r\n', 'correct horse'],
    ['correct horse', 'correct horse'],
    [' two\n\n', ' two\n'],
    ['ünï', 'ünï'],
  ])('loses one line end and nothing else: %j', async (content, passphrase) => {
    expect(await read({ file: secretFile(content) })).toBe(passphrase)
    expect(await read({ environment: { HEALTHMATE_PASSPHRASE_FILE: secretFile(content) } })).toBe(passphrase)
  })
  it.each([0o640, 0o604, 0o644, 0o620])('with mode %o is refused (T42)', (mode) => {
    expect(() => fromFile(secretFile('x', mode))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('chmod 600') }),
    )
  })
  it('that is a link, a folder, missing, empty or too long is refused', () => {
    const path = secretFile('x')
    const { folder } = freshPlaces()
    symlinkSync(path, join(folder, 'link'))
    mkdirSync(join(folder, 'folder'))
    expect(() => fromFile(join(folder, 'link'))).toThrow(/it is a link/)
    expect(() => fromFile(join(folder, 'folder'))).toThrow(/not a regular file/)
    expect(() => fromFile(join(folder, 'none'))).toThrow(/ENOENT/)
    expect(() => fromFile(secretFile('\n'))).toThrow(/is empty/)
    expect(() => fromFile(secretFile('x'.repeat(4097)))).toThrow(/more than 4096 bytes/)
    expect(() => fromFile(secretFile(new Uint8Array(4096).fill(97)))).not.toThrow()
  })
  it('may have a second name', () => {
    const path = secretFile('x')
    linkSync(path, `${path}2`)
    expect(() => fromFile(path)).not.toThrow()
  })
})

describe('a file descriptor', () => {
  it('is read to its end', async () => {
    const descriptor = openSync(secretFile('from a pipe\n'), 'r')
    expect(await read({ descriptor })).toBe('from a pipe')
    closeSync(descriptor)
  })
  it('that is not open is refused', async () => {
    await expect(read({ descriptor: 987 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('EBADF'),
    })
  })
})

describe('a command', () => {
  const command = (...argv: string[]) => ({
    environment: { HEALTHMATE_PASSPHRASE_COMMAND: JSON.stringify(argv) },
  })

  it('gives the first line of its standard output', async () => {
    expect(await read(command(process.execPath, '-e', 'console.log("one\\ntwo")'))).toBe('one')
    expect(await read(command(process.execPath, '-e', 'process.stdout.write("only")'))).toBe('only')
  })
  it('is run without a shell', async () => {
    expect(await read({ environment: { HEALTHMATE_PASSPHRASE_COMMAND: "echo '$(id)' `id` ; rm" } })).toBe(
      '$(id) `id` ; rm',
    )
  })
  it.each([
    [command(process.execPath, '-e', 'process.exit(3)'), /ended with 3/],
    [command('/nonexistent/program'), /could not be run \(ENOENT\)/],
    [command(process.execPath, '-e', ''), /is empty/],
    [{ environment: { HEALTHMATE_PASSPHRASE_COMMAND: '[]' } }, /is empty/],
  ])('that fails is refused with the reason: %j', async (sources, message) => {
    await expect(read(sources)).rejects.toThrow(message)
  })
  it('does not stand in the message with what it printed', async () => {
    const failing = read(command(process.execPath, '-e', 'console.log("s3cret"); process.exit(1)'))
    await expect(failing).rejects.not.toThrow(/s3cret/)
  })
})

describe('the other sources', () => {
  it('are the environment where it is allowed, and the prompt', async () => {
    expect(await read({ environment: { HEALTHMATE_PASSPHRASE: 'envy' }, insecureEnvironment: true })).toBe(
      'envy',
    )
    expect(await read({ prompt })).toBe('typed')
  })
})

describe('splitCommand', () => {
  it.each([
    ['pass show hm', ['pass', 'show', 'hm']],
    ['  a  b ', ['a', 'b']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a"b"'c'd`, ['abcd']],
    [`"a \\" \\\\ \\n"`, ['a " \\ \\n']],
    [`''`, ['']],
    ['["a b","c"]', ['a b', 'c']],
  ])('%s', (text, words) => expect(splitCommand(text)).toEqual(words))

  it.each(["a 'b", 'a "b', 'a\\', '["a"', '[1]', '["a",1]'])('refuses %s', (text) => {
    expect(() => splitCommand(text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
