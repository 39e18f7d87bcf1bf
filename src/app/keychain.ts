/**
 * The system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. It holds the
 * random key of the vault's keychain slot, never the passphrase (security.md 4.7). Each call is a process of its own
 * (`bin/keychain.js`) that is ended when it does not answer.
 */
import { resolve } from 'node:path'
import { bytesToHex, Failure, Redacted } from '../foundation/index.ts'
import { opensKeychainSlot, type PlacedVaultFile } from '../vault/index.ts'
import { spawnGuarded } from './guarded-process.ts'

/** As long as `gh` waits; a person waits for the passphrase prompt behind it. */
const limitMs = 3000
/** The longest answer is a reason. */
const maxAnswerBytes = 4096
const maxReasonLength = 200

export interface Keychain {
  /** The key of this vault; undefined where the keychain has none. Fails with IO where it cannot be reached. */
  read(): Promise<Redacted | undefined>
  /** Keeps the key, in place of an earlier one. Fails with IO. */
  store(key: Redacted): Promise<void>
  /** Forgets the key; false where there was none. Fails with IO. */
  remove(): Promise<boolean>
}

/** The keychain's entry of one vault. `environment` says where the session's bus is. */
export function keychainOf(
  file: Pick<PlacedVaultFile, 'vaultId'>,
  environment: Readonly<Record<string, string | undefined>>,
): Keychain {
  const account = bytesToHex(file.vaultId)
  const call = (act: 'read' | 'store' | 'remove', input?: Uint8Array): Promise<Buffer> =>
    answerOf(act, account, environment, input)
  return {
    async read() {
      const answer = await call('read')
      if (tagOf(answer) === 'n') return undefined
      const key = new Redacted(Uint8Array.from(answer.subarray(1)))
      answer.fill(0)
      return key
    },
    async store(key) {
      await call('store', key.dangerouslyExpose())
    },
    async remove() {
      return tagOf(await call('remove')) === 'd'
    },
  }
}

/** What the keychain says about a vault with a keychain slot. */
export type KeychainState = 'opens' | 'empty' | 'stale' | 'unreachable'

export interface KeychainFinding {
  readonly state: KeychainState
  /** One sentence, for people. */
  readonly why: string
  /** Only where it opens the vault; the caller wipes it. */
  readonly key?: Redacted
}

/** The key, if the keychain has one that opens the vault; else why not. */
export async function keyFromKeychain(
  file: PlacedVaultFile,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<KeychainFinding> {
  let key: Redacted | undefined
  try {
    key = await keychainOf(file, environment).read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { state: 'unreachable', why: error.message }
  }
  if (key === undefined) {
    return { state: 'empty', why: 'the keychain of this computer has no key of this vault' }
  }
  if (await opensKeychainSlot(file, key)) return { state: 'opens', why: 'the keychain opens the vault', key }
  key.wipe()
  return { state: 'stale', why: 'the key in the keychain does not open this vault any more' }
}

const script = resolve(import.meta.dirname, '../../bin/keychain.js')

function tagOf(answer: Uint8Array): string {
  return String.fromCharCode(answer[0] ?? 0)
}

/** The answer of `bin/keychain.js`. Fails with IO on a reason, on none, and after three seconds. */
async function answerOf(
  act: string,
  account: string,
  environment: Readonly<Record<string, string | undefined>>,
  input: Uint8Array | undefined,
): Promise<Buffer> {
  const child = spawnGuarded({
    program: [process.execPath, script, act, account],
    environment,
    detached: false,
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A process that ended early says so by its missing answer.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input === undefined ? undefined : Buffer.from(input))
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, limitMs)
  await new Promise<void>((done) => {
    child.once('close', () => done())
    child.once('error', () => done())
  })
  clearTimeout(timer)
  if (isLate) throw unreachable(`it does not answer within ${limitMs / 1000} s`)
  const answer = Buffer.concat(chunks)
  for (const chunk of chunks) chunk.fill(0)
  if (answer.length === 0 || answer.length > maxAnswerBytes) throw unreachable('its program gave no answer')
  if (tagOf(answer) === 'e') throw unreachable(answer.toString('utf8', 1).slice(0, maxReasonLength))
  return answer
}

function unreachable(reason: string): Failure {
  return new Failure('IO', `the system's keychain cannot be used: ${reason}`, {
    hint: 'Unlock the keychain of your desktop session, or use the passphrase.',
  })
}
