/** The unlock agent as a whole: opens the vault, listens, and runs use cases until it locks. */
import { openLocked } from '../../vault/index.ts'
import { loadConfig } from '../config.ts'
import { lockedFailure } from '../passphrase.ts'
import { agentSocketPath, canonicalPath } from '../paths.ts'
import { agentUseCases, placesOf, type SessionParts, systemClock, unlockedBySource } from '../session.ts'
import { findAgent } from './client.ts'
import { type LockReason, startAgentHost } from './host.ts'

export interface AgentLimits {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** Settles when the agent has locked. `ready` hears when it listens, with what unlocking noticed. */
export async function serveAgent(
  session: SessionParts,
  limits: AgentLimits,
  ready: (notices: readonly string[]) => void,
): Promise<LockReason> {
  const { paths } = session
  const vaultPath = canonicalPath(session.vaultPath)
  const notices: string[] = []
  const locked = openLocked(vaultPath, placesOf(paths))
  const parts = { ...session, notice: (text: string) => notices.push(text) }
  const { vault, why } = await unlockedBySource(locked, session.passphrase, parts, { keychain: true })
  if (vault === undefined) throw lockedFailure(why)
  // Only now, with the right secret, does a new agent take the place of an old one.
  await (await findAgent(paths, vaultPath))?.lock()
  const { scopeOf } = agentUseCases(session, locked, vault)
  const host = await startAgentHost({
    ...limits,
    socketPath: agentSocketPath(paths, vaultPath),
    vaultPath,
    clock: systemClock,
    scopeOf,
    runUseCase: (name, args, { environment, notice, ...run }) => {
      // Settings are read for each request: they may have changed since the agent started.
      const config = loadConfig(paths, environment)
      return agentUseCases({ ...session, config, notice, vaultPath }, locked, vault).runUseCase(
        name,
        args,
        run,
      )
    },
    forget: () => {
      vault.close()
      locked.close()
    },
  })
  session.signal.addEventListener('abort', () => host.lock('ended'))
  ready(notices)
  return host.locked
}
