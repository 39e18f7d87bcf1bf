/**
 * Starts Node as a process that will hold secrets: without Node's own switches, without other ways to the passphrase
 * in its environment, without core dumps (security.md 4.7).
 */
import { type ChildProcess, spawn } from 'node:child_process'

export interface GuardedProcess {
  /** Node, the script and its arguments; never a secret. */
  readonly program: readonly [string, ...string[]]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Outlives this process and its terminal. */
  readonly detached: boolean
}

/** Standard input and output are pipes; standard error is dropped, because nobody reads it. */
export function spawnGuarded({ program, environment, detached }: GuardedProcess): ChildProcess {
  const options = {
    detached,
    stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'],
    env: scrubbed(environment),
  }
  const [node, ...words] = program
  if (process.platform === 'win32') return spawn(node, words, { ...options, windowsHide: true })
  // A core dump would hold the keys; Node cannot set the limit itself.
  return spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'healthmate', ...program], options)
}

/** Node's switches could open a debugger or write heap snapshots. */
function scrubbed(environment: GuardedProcess['environment']): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || /^NODE_|^HEALTHMATE_PASSPHRASE/.test(name)) continue
    kept[name] = value
  }
  return kept
}
