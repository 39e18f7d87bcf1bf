/**
 * Where the passphrase comes from: the first source that is there (docs/cli.md, "Passphrase"; security.md 4.7).
 * Never an argument, never echoed, never logged. Choosing is separate from reading, so that `status --why` can say
 * which source applies without touching the secret.
 */
import type { SpawnSyncReturns } from 'node:child_process'
import { Failure, Redacted } from '../foundation/index.ts'
import { codeOf, readDescriptor, readWithoutLinks } from './private-file.ts'

export interface PassphraseSources {
  /** `--passphrase-fd`. */
  readonly descriptor?: number
  /** `--passphrase-file`. */
  readonly file?: string
  /** `--insecure-env`. */
  readonly insecureEnvironment: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether the unlock agent answers for this vault. */
  readonly agentAnswers: boolean
  /** Whether the vault has a keychain slot; asked only where nothing before it applies. */
  readonly keychainEnrolled?: () => boolean
  /** Asks on the terminal; absent where nobody can be asked (no terminal, `--no-input`). */
  readonly prompt?: () => Promise<Redacted>
  /** Why nobody can be asked. */
  readonly noPromptReason?: string
}

/** The source that applies, in the order in which they are looked at. */
export type PassphraseChoice =
  | { readonly source: 'descriptor'; readonly descriptor: number; readonly why: string }
  | { readonly source: 'file'; readonly path: string; readonly why: string }
  | { readonly source: 'command'; readonly argv: readonly string[]; readonly why: string }
  | { readonly source: 'environment'; readonly why: string }
  | { readonly source: 'agent'; readonly why: string }
  | { readonly source: 'keychain'; readonly why: string }
  | { readonly source: 'prompt'; readonly why: string }
  | { readonly source: 'none'; readonly why: string }

/** security.md 4.7. */
const maxPassphraseBytes = 4096
const commandLimitMs = 10_000

/** Says which source applies and why. Fails with USAGE where the environment holds a passphrase unasked for. */
export function choosePassphraseSource(sources: PassphraseSources): PassphraseChoice {
  const { environment } = sources
  if (sources.descriptor !== undefined) {
    return { source: 'descriptor', descriptor: sources.descriptor, why: '--passphrase-fd was given' }
  }
  if (sources.file !== undefined)
    return { source: 'file', path: sources.file, why: '--passphrase-file was given' }
  const file = environment['HEALTHMATE_PASSPHRASE_FILE']
  if (file) return { source: 'file', path: file, why: 'HEALTHMATE_PASSPHRASE_FILE is set' }
  const command = environment['HEALTHMATE_PASSPHRASE_COMMAND']
  if (command)
    return { source: 'command', argv: splitCommand(command), why: 'HEALTHMATE_PASSPHRASE_COMMAND is set' }
  if (environment['HEALTHMATE_PASSPHRASE'] !== undefined) {
    if (!sources.insecureEnvironment) throw environmentRefused()
    return { source: 'environment', why: 'HEALTHMATE_PASSPHRASE is set and --insecure-env was given' }
  }
  if (sources.agentAnswers) return { source: 'agent', why: 'the unlock agent is running' }
  if (sources.keychainEnrolled?.()) {
    return { source: 'keychain', why: 'the vault is enrolled in the keychain of the system' }
  }
  if (sources.prompt) return { source: 'prompt', why: 'standard input is a terminal' }
  return { source: 'none', why: sources.noPromptReason ?? 'standard input is no terminal' }
}

/** Other processes of the person and diagnostic reports can read the environment. */
function environmentRefused(): Failure {
  return new Failure(
    'USAGE',
    'HEALTHMATE_PASSPHRASE is refused: the environment of a process can be read by others',
    {
      hint: 'Use HEALTHMATE_PASSPHRASE_FILE or HEALTHMATE_PASSPHRASE_COMMAND, or add --insecure-env.',
    },
  )
}

/** Reads the passphrase from the chosen source. Fails with VAULT_LOCKED where there is none. */
export async function readPassphrase(
  choice: PassphraseChoice,
  sources: PassphraseSources,
): Promise<Redacted> {
  switch (choice.source) {
    case 'descriptor':
      return fromDescriptor(choice.descriptor)
    case 'file':
      return fromFile(choice.path)
    case 'command':
      return fromCommand(choice.argv)
    case 'environment':
      return secretOf(
        Buffer.from(sources.environment['HEALTHMATE_PASSPHRASE'] ?? '', 'utf8'),
        'HEALTHMATE_PASSPHRASE',
      )
    case 'prompt':
      if (sources.prompt) return sources.prompt()
      throw lockedFailure(choice.why)
    default:
      throw lockedFailure(choice.why)
  }
}

/** The vault is locked and nothing gave a secret. */
export function lockedFailure(why: string): Failure {
  return new Failure('VAULT_LOCKED', `the vault is locked, and no passphrase can be had: ${why}`, {
    hint: 'healthmate unlock, or --passphrase-file FILE, or HEALTHMATE_PASSPHRASE_COMMAND',
  })
}

function fromDescriptor(descriptor: number): Redacted {
  const what = `file descriptor ${descriptor}`
  try {
    return secretOf(readDescriptor(descriptor, maxPassphraseBytes, what), what)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('USAGE', `${what} cannot be read${codeOf(error)}`, {
      hint: 'healthmate … --passphrase-fd 3 3< FILE',
      cause: error,
    })
  }
}

/** A passphrase file: a regular file and no link, ours, closed to others, at most 4 KiB. Also for new passphrases. */
export function fromFile(path: string): Redacted {
  try {
    const bytes = readWithoutLinks(path, maxPassphraseBytes, (stats) => {
      if (process.platform === 'win32') return
      if (stats.uid !== process.geteuid?.()) {
        throw new Failure('USAGE', `${path} belongs to somebody else`, {
          hint: `Copy it: install -m 600 ${path} …`,
        })
      }
      if ((stats.mode & 0o077) !== 0) {
        const mode = (stats.mode & 0o777).toString(8)
        throw new Failure('USAGE', `${path} can be read by others (mode ${mode})`, {
          hint: `chmod 600 ${path}`,
        })
      }
    })
    return secretOf(bytes, path)
  } catch (error) {
    if (error instanceof Failure) throw error
    const link = codeOf(error) === ' (ELOOP)' ? ': it is a link' : codeOf(error)
    throw new Failure('USAGE', `the passphrase file ${path} cannot be read${link}`, {
      hint: `ls -l ${path}`,
      cause: error,
    })
  }
}

/** The first line of the command's standard output. No shell; its standard error goes to the person. */
async function fromCommand(argv: readonly string[]): Promise<Redacted> {
  const [program, ...rest] = argv
  if (program === undefined) throw new Failure('USAGE', 'HEALTHMATE_PASSPHRASE_COMMAND is empty')
  const { spawnSync } = await import('node:child_process')
  const done = spawnSync(program, rest, {
    stdio: ['inherit', 'pipe', 'inherit'],
    timeout: commandLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024,
    shell: false,
  })
  const reason = commandFault(done)
  if (reason !== undefined) {
    done.stdout?.fill(0)
    throw new Failure('VAULT_LOCKED', `the passphrase command ${program} ${reason}`, {
      hint: 'Run the command of HEALTHMATE_PASSPHRASE_COMMAND alone to see what it prints.',
    })
  }
  const end = done.stdout.indexOf(0x0a)
  const line = Uint8Array.from(end < 0 ? done.stdout : done.stdout.subarray(0, end))
  done.stdout.fill(0)
  return secretOf(line, 'the first line of HEALTHMATE_PASSPHRASE_COMMAND')
}

function commandFault(done: SpawnSyncReturns<Buffer>): string | undefined {
  const code = codeOf(done.error)
  if (code === ' (ETIMEDOUT)') return `did not end within ${commandLimitMs / 1000} s`
  if (done.error) return `could not be run${code}`
  return done.status === 0 ? undefined : `ended with ${done.status ?? done.signal}`
}

/** Takes one line end off; what is left must be something, and text. */
function secretOf(bytes: Uint8Array, what: string): Redacted {
  let end = bytes.length
  if (bytes[end - 1] === 0x0a) end--
  if (end < bytes.length && bytes[end - 1] === 0x0d) end--
  if (end > maxPassphraseBytes)
    throw new Failure('USAGE', `${what} holds more than ${maxPassphraseBytes} bytes`)
  // A copy: `slice` of a Buffer would share the bytes that are overwritten next.
  const secret = new Uint8Array(bytes.subarray(0, end))
  bytes.fill(0)
  if (secret.length === 0) throw new Failure('USAGE', `${what} is empty`)
  return new Redacted(secret)
}

/**
 * Words of a command without a shell: a JSON array of texts, or words separated by blanks with '…', "…" and \ as in a
 * shell. Nothing is expanded.
 */
export function splitCommand(text: string): readonly string[] {
  if (text.trimStart().startsWith('[')) return jsonCommand(text)
  const words: string[] = []
  const part = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)/gsuy
  let position = 0
  while (position < text.trimEnd().length) {
    part.lastIndex = position
    const match = part.exec(text)
    if (!match) throw new Failure('USAGE', 'HEALTHMATE_PASSPHRASE_COMMAND has an open quote')
    words.push(unquoted(match[1] ?? ''))
    position = part.lastIndex
  }
  return words
}

function jsonCommand(text: string): readonly string[] {
  const wrong = new Failure(
    'USAGE',
    'HEALTHMATE_PASSPHRASE_COMMAND starts like a JSON list but is none of texts',
  )
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong
  }
  if (!Array.isArray(parsed) || !parsed.every((word) => typeof word === 'string')) throw wrong
  return parsed
}

function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gsu,
    (_, single?: string, double?: string, escaped?: string) => {
      if (single !== undefined) return single
      return double === undefined ? (escaped ?? '') : double.replace(/\\(["\\$`])/g, '$1')
    },
  )
}
