/** A home with a vault of the cheapest key derivation that is allowed, and the program run inside this process. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { vi } from 'vitest'
import { generateAppleHealth } from '../../../scripts/generate-apple-health.mjs'
import { ensureRuntimeFolder, loadConfig, type Paths, serveAgent } from '../../../src/app/index.ts'
import { runProgram } from '../../../src/cli/run.ts'
import { passphraseFloor } from '../../../src/crypto/index.ts'
import { Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'
import { createVault } from '../../../src/vault/index.ts'
import { freshPlaces } from '../app/places.ts'
import { captured } from './captured-output.ts'

export const passphrase = 'correct horse battery staple'

export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunParts {
  /** Standard input of the command. */
  readonly input?: string
  /** Columns of the terminal; without them stdout is a pipe. */
  readonly columns?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Ctrl-C as soon as what was printed satisfies this. */
  readonly until?: (stdout: string, stderr: string) => boolean
}

export interface VaultHome {
  readonly folder: string
  readonly vaultPath: string
  readonly passphraseFile: string
  readonly recoveryCode: string
  readonly environment: Readonly<Record<string, string>>
  /** Runs words with the passphrase at hand. */
  run(words: readonly string[], parts?: RunParts): Promise<Run>
  /** As `run`, without a passphrase. */
  locked(words: readonly string[], parts?: RunParts): Promise<Run>
  /** The document that the words print with `--json`. */
  json(words: readonly string[], parts?: RunParts): Promise<Document>
  /** A file in the home. */
  file(name: string, content: string): string
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads documents by the keys it expects
export type Document = any

/**
 * `agent`: an unlock agent serves inside this process, so that deriving the key once is enough for a whole file; the
 * passphrase is then at hand only where a test gives it.
 */
export async function vaultHome(options: { readonly agent?: boolean } = {}): Promise<VaultHome> {
  const { folder, paths } = freshPlaces()
  const vaultPath = join(paths.data, 'vault.hmv')
  for (const path of Object.values(paths)) mkdirSync(path, { recursive: true, mode: 0o700 })
  const { vault, recoveryCode } = await createVault({
    path: vaultPath,
    passphrase: new Redacted(utf8ToBytes(passphrase)),
    withRecovery: true,
    argon2: passphraseFloor,
    statePath: paths.state,
    configPath: paths.config,
  })
  vault.close()
  const file = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content, { mode: 0o600 })
    return path
  }
  const passphraseFile = file('passphrase', `${passphrase}\n`)
  const environment = {
    HOME: folder,
    NO_COLOR: '1',
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  }
  const locked = (words: readonly string[], parts: RunParts = {}): Promise<Run> =>
    runInside(words, { ...parts, environment: { ...environment, ...parts.environment } })
  const atHand = options.agent === true ? {} : { HEALTHMATE_PASSPHRASE_FILE: passphraseFile }
  if (options.agent === true) await serveInside(paths, vaultPath, passphraseFile, environment)
  const run = (words: readonly string[], parts: RunParts = {}): Promise<Run> =>
    locked(words, { ...parts, environment: { ...atHand, ...parts.environment } })
  const json = async (words: readonly string[], parts: RunParts = {}): Promise<Document> =>
    JSON.parse((await run([...words, '--json'], parts)).stdout)
  return {
    folder,
    vaultPath,
    passphraseFile,
    recoveryCode: recoveryCode ?? '',
    environment,
    run,
    locked,
    json,
    file,
  }
}

const ends: AbortController[] = []

/** Locks every agent of this file; for `afterAll`. */
export function endAgents(): void {
  for (const end of ends.splice(0)) end.abort()
}

function serveInside(
  paths: Paths,
  vaultPath: string,
  passphraseFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<unknown> {
  const end = new AbortController()
  ends.push(end)
  ensureRuntimeFolder(paths, process.geteuid?.() ?? -1)
  const session = {
    paths,
    config: loadConfig(paths, environment),
    vaultPath,
    progress: { update: () => {}, end: () => {} },
    standardOutput: async () => {},
    signal: end.signal,
    passphrase: { file: passphraseFile, insecureEnvironment: false, environment },
    notice: () => {},
  }
  const limits = { idleMs: 3_600_000, absoluteMs: 3_600_000 }
  return new Promise((ready, failed) => {
    serveAgent(session, limits, ready).catch(failed)
  })
}

async function runInside(words: readonly string[], parts: RunParts): Promise<Run> {
  const isTerminal = parts.columns !== undefined
  const { streams, stdout, stderr } = captured(
    {},
    { stdout: isTerminal, ...(parts.columns === undefined ? {} : { columns: parts.columns }) },
  )
  const stdin = vi
    .spyOn(process, 'stdin', 'get')
    .mockReturnValue(Readable.from([Buffer.from(parts.input ?? '')]) as unknown as typeof process.stdin)
  const control = new AbortController()
  const watching = setInterval(() => {
    if (parts.until?.(stdout(), stderr())) control.abort()
  }, 20)
  try {
    const code = await runProgram({
      words,
      streams,
      environment: parts.environment ?? {},
      signal: parts.signal ?? control.signal,
    })
    return { code, stdout: stdout(), stderr: stderr() }
  } finally {
    clearInterval(watching)
    stdin.mockRestore()
  }
}

const dayMs = 86_400_000

/** An Apple Health export of the days before today, as text. */
export function recentExport(days: number, endMs = Math.floor(Date.now() / dayMs) * dayMs): string {
  return [...generateAppleHealth({ days, end: endMs })].join('')
}

/** The id of the newest record of a metric. */
export async function newestId(home: VaultHome, metric: string): Promise<string> {
  const { records } = await home.json(['list', metric, '--limit', '1'])
  return records[0].id
}
