/** From a command to the use case that answers it: the session with this run's vault, secrets and progress. */
import {
  type ArgsOf,
  runUseCase,
  type SessionParts,
  systemClock,
  type UseCaseName,
  type ViewOf,
} from '../app/index.ts'
import type { Invocation } from './invocation.ts'
import { createProgress } from './present/progress.ts'
import { oneLine } from './present/terminal.ts'
import { passphraseSources, setupOf } from './setup.ts'

/** Runs a use case for this invocation. Fails as it does. */
export function ask<Name extends UseCaseName>(
  invocation: Invocation,
  name: Name,
  args: ArgsOf<Name>,
  more: Pick<SessionParts, 'acceptOlder'> = {},
): Promise<ViewOf<Name>> {
  return runUseCase(name, args, { ...sessionOf(invocation), ...more })
}

/** What the session needs to know of this run. */
export function sessionOf(invocation: Invocation): SessionParts {
  const { output, signal } = invocation
  const { paths, config, vaultPath } = setupOf(invocation)
  const { agentAnswers: _unknownYet, ...passphrase } = passphraseSources(invocation, false)
  return {
    paths,
    config,
    vaultPath,
    signal,
    passphrase,
    // An export counts records; what reads files counts bytes.
    progress: createProgress(output, systemClock, invocation.path === 'export' ? 'records' : 'bytes'),
    standardOutput: (bytes) => output.bytes(bytes),
    notice: (text) => output.note(oneLine(text)),
  }
}
