/** Starts the unlock agent as a process of its own that outlives this one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Failure, type Redacted } from '../../foundation/index.ts'
import { type FailureLine, LineReader, lineFailure, maxRequestBytes } from './protocol.ts'

export interface StartAgentParts {
  /** Node and the launcher: `[process.execPath, …/bin/healthmate.js]`. */
  readonly program: readonly [string, string]
  readonly vaultPath: string
  readonly passphrase: Redacted
  readonly idleMs: number
  readonly absoluteMs: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Settles when the agent listens, with what unlocking noticed. Fails as the agent does (WRONG_PASSPHRASE, EXISTS, …).
 */
export async function startAgent(parts: StartAgentParts): Promise<readonly string[]> {
  const child = spawnDetached(parts)
  // The secret goes through a pipe: not an argument, not the environment, not a file.
  child.stdin?.on('error', () => {})
  child.stdin?.end(Buffer.from(parts.passphrase.dangerouslyExpose()))
  try {
    return await firstAnswer(child)
  } finally {
    child.stdout?.destroy()
    child.unref()
  }
}

function spawnDetached(parts: StartAgentParts): ChildProcess {
  const [node, launcher] = parts.program
  const words = [node, launcher, 'agent-host', '--json', '--passphrase-fd', '0', '--vault', parts.vaultPath]
  words.push('--idle-ms', String(parts.idleMs), '--absolute-ms', String(parts.absoluteMs))
  const options = {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'],
    env: scrubbed(parts.environment),
  }
  if (process.platform === 'win32') return spawn(node, words.slice(1), { ...options, windowsHide: true })
  // A core dump would hold the keys; Node cannot set the limit itself.
  return spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'healthmate-agent', ...words], options)
}

/** Node's own switches could open a debugger or write heap snapshots; other sources of the passphrase are not needed. */
function scrubbed(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || /^NODE_|^HEALTHMATE_PASSPHRASE/.test(name)) continue
    kept[name] = value
  }
  return kept
}

/** The agent prints one line: that it listens, or the error document. */
function firstAnswer(child: ChildProcess): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const lines = new LineReader(maxRequestBytes)
    child.stdout?.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) {
        const answer = JSON.parse(line) as { notices?: readonly string[]; error?: FailureLine }
        if (answer.error) reject(lineFailure(answer.error))
        else resolve(answer.notices ?? [])
      }
    })
    const ended = (): void =>
      reject(new Failure('IO', 'the unlock agent did not start', { hint: 'healthmate doctor' }))
    child.once('error', ended)
    child.once('exit', ended)
  })
}
