/** Starts the unlock agent as a process of its own that outlives this one. */
import type { ChildProcess } from 'node:child_process'
import { Failure, type Redacted } from '../../foundation/index.ts'
import { spawnGuarded } from '../guarded-process.ts'
import { type FailureLine, LineReader, lineFailure, maxRequestBytes } from './protocol.ts'

export interface StartAgentParts {
  /** Node and the launcher: `[process.execPath, …/bin/healthmate.js]`. */
  readonly program: readonly [string, string]
  readonly vaultPath: string
  /** Absent where the agent takes the key from the system's keychain by itself. */
  readonly passphrase?: Redacted
  readonly idleMs: number
  readonly absoluteMs: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Settles when the agent listens, with what unlocking noticed. Fails as the agent does (WRONG_PASSPHRASE, VAULT_LOCKED,
 * EXISTS, …).
 */
export async function startAgent(parts: StartAgentParts): Promise<readonly string[]> {
  const child = spawnAgent(parts)
  // The secret goes through a pipe: not an argument, not the environment, not a file.
  child.stdin?.on('error', () => {})
  child.stdin?.end(Buffer.from(parts.passphrase?.dangerouslyExpose() ?? []))
  try {
    return await firstAnswer(child)
  } finally {
    child.stdout?.destroy()
    child.unref()
  }
}

function spawnAgent(parts: StartAgentParts): ChildProcess {
  const [node, launcher] = parts.program
  const secret = parts.passphrase ? ['--passphrase-fd', '0'] : ['--no-input']
  const limits = ['--idle-ms', String(parts.idleMs), '--absolute-ms', String(parts.absoluteMs)]
  const words = ['agent-host', '--json', ...secret, '--vault', parts.vaultPath, ...limits]
  return spawnGuarded({
    program: [node, launcher, ...words],
    environment: parts.environment,
    detached: true,
  })
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
