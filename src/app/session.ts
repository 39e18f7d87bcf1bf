/**
 * Runs a use case where it belongs: in the unlock agent, in this process with the vault unlocked, or on the locked
 * vault's inbox. What decides is the scope of the use case and which secrets are at hand; see `Scope`.
 */
import { randomBytes } from 'node:crypto'
import { type Clock, Failure, type Random, type Redacted } from '../foundation/index.ts'
import type { JsonValue } from '../records/index.ts'
import type { LockedVault, UnlockNotice, UnlockSecret, Vault } from '../vault/index.ts'
import { type AgentClient, findAgent } from './agent/client.ts'
import type { Config } from './config.ts'
import type { AppContext, Progress } from './context.ts'
import { drainInbox } from './inbox.ts'
import {
  choosePassphraseSource,
  lockedFailure,
  type PassphraseSources,
  readPassphrase,
} from './passphrase.ts'
import type { Paths } from './paths.ts'
import { type ArgsOf, type UseCaseName, useCases, type ViewOf } from './registry.ts'
import type { UseCase } from './use-case.ts'
import { offsetOf, systemZone } from './zone.ts'

export interface SessionParts {
  readonly paths: Paths
  readonly config: Config
  readonly vaultPath: string
  readonly progress: Progress
  /** Where `--out -` goes. */
  readonly standardOutput: (bytes: Uint8Array) => Promise<void>
  readonly signal: AbortSignal
  /** Where a passphrase may come from; `agentAnswers` is filled in here. */
  readonly passphrase: Omit<PassphraseSources, 'agentAnswers'>
  /** Tells the person what unlocking noticed, and what merged from the inbox. */
  readonly notice: (text: string) => void
}

export const systemClock: Clock = { nowMs: () => Date.now() }
export const systemRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) }

/** Runs a use case by name. Fails as it does. */
export async function runUseCase<Name extends UseCaseName>(
  name: Name,
  args: ArgsOf<Name>,
  parts: SessionParts,
): Promise<ViewOf<Name>> {
  const { scope } = useCases[name]
  // An import reads files, which the client opens itself; what it cannot write it seals, and the agent drains it.
  const agent = scope === 'admin' ? undefined : await findAgent(parts.paths, parts.vaultPath)
  if (agent && name !== 'import') {
    const { progress, signal, notice } = parts
    return (await agent.run(name, args as JsonValue, { progress, signal, notice })) as ViewOf<Name>
  }
  const view = await inProcess(name, args, parts, agent)
  return agent && name === 'import' ? mergedByAgent(agent, view as ViewOf<'import'>, parts) : view
}

/** What an import sealed beside an unlocked agent is merged there at once, and its report completed. */
async function mergedByAgent<Name extends UseCaseName>(
  agent: AgentClient,
  view: ViewOf<'import'>,
  parts: SessionParts,
): Promise<ViewOf<Name>> {
  const { importId, pending } = view
  if (pending === 0 || importId === null || parts.config.holdInbox()) return view as ViewOf<Name>
  const { progress, signal } = parts
  await agent.run('inbox.drain', {}, { progress, signal })
  const { report } = (await agent.run('import.report', {
    id: importId,
  })) as unknown as ViewOf<'import.report'>
  const complete = typeof report === 'object' && report !== null ? (report as object) : {}
  return { ...view, ...complete } as ViewOf<Name>
}

async function inProcess<Name extends UseCaseName>(
  name: Name,
  args: ArgsOf<Name>,
  parts: SessionParts,
  agent: AgentClient | undefined,
): Promise<ViewOf<Name>> {
  const { openLocked } = await import('../vault/index.ts')
  const locked = openLocked(parts.vaultPath, placesOf(parts.paths))
  try {
    const secret = await secretFor(name, parts, agent !== undefined)
    if (secret === undefined) return await runLoaded(name, args, contextOf(parts, locked, undefined))
    const vault = await unlocked(locked, secret, parts)
    try {
      return await runLoaded(name, args, contextOf(parts, locked, vault))
    } finally {
      vault.close()
    }
  } finally {
    locked.close()
  }
}

export function placesOf(paths: Paths): { statePath: string; configPath: string } {
  return { statePath: paths.state, configPath: paths.config }
}

/** Adding never prompts: it uses a secret that is at hand, else it seals. Everything else asks. */
async function secretFor(
  name: UseCaseName,
  parts: SessionParts,
  agentAnswers: boolean,
): Promise<Redacted | undefined> {
  const { scope } = useCases[name]
  const { prompt, ...silent } = parts.passphrase
  const asks = scope !== 'append' && prompt !== undefined
  const sources: PassphraseSources = { ...silent, ...(asks ? { prompt } : {}), agentAnswers: false }
  const choice = choosePassphraseSource(sources)
  if (choice.source === 'none') {
    if (scope === 'append') return undefined
    const why = agentAnswers ? 'the unlock agent does not let data leave or keys change' : choice.why
    throw lockedFailure(why)
  }
  return readPassphrase(choice, sources)
}

/** Unlocks, tells what was noticed, and merges what came in while locked unless the person holds it back. */
export async function unlocked(
  locked: LockedVault,
  passphrase: Redacted,
  parts: Pick<
    SessionParts,
    'notice' | 'config' | 'paths' | 'vaultPath' | 'progress' | 'standardOutput' | 'signal'
  >,
): Promise<Vault> {
  const secret: UnlockSecret = { kind: 'passphrase', passphrase }
  const { vault, notices } = await locked.unlock(secret)
  passphrase.wipe()
  for (const notice of notices) parts.notice(noticeText(notice))
  vault.setSettings({ dayStartMin: parts.config.dayStartMin(), priority: parts.config.sourcePriority() })
  if (!parts.config.holdInbox()) await drainInbox(contextOf(parts, locked, vault), parts.notice)
  return vault
}

function noticeText(notice: UnlockNotice): string {
  return notice.message
}

async function runLoaded<Name extends UseCaseName>(
  name: Name,
  args: ArgsOf<Name>,
  context: AppContext,
): Promise<ViewOf<Name>> {
  const useCase = (await useCases[name].load()) as unknown as UseCase<ArgsOf<Name>, ViewOf<Name>>
  return useCase.run(context, args)
}

/** What a use case sees, over a vault that is locked or unlocked. */
export function contextOf(
  parts: Pick<SessionParts, 'paths' | 'config' | 'vaultPath' | 'progress' | 'standardOutput' | 'signal'>,
  locked: LockedVault,
  vault: Vault | undefined,
): AppContext {
  const zone = systemZone()
  return {
    clock: systemClock,
    random: systemRandom,
    paths: parts.paths,
    config: parts.config,
    vaultPath: parts.vaultPath,
    progress: parts.progress,
    standardOutput: parts.standardOutput,
    signal: parts.signal,
    zone,
    offsetAt: (ms) => offsetOf(zone, ms),
    unlocked: vault !== undefined,
    vault() {
      if (vault) return vault
      throw new Failure('VAULT_LOCKED', 'the vault is locked', { hint: 'healthmate unlock' })
    },
    locked: () => locked,
  }
}

/** The use cases as the agent's host runs them: over one vault that stays unlocked. */
export function agentUseCases(parts: SessionParts, locked: LockedVault, vault: Vault) {
  return {
    scopeOf: (name: string) => (name in useCases ? useCases[name as UseCaseName].scope : undefined),
    runUseCase: async (
      name: string,
      args: JsonValue,
      run: { readonly progress: Progress; readonly signal: AbortSignal },
    ): Promise<JsonValue> => {
      const context = contextOf({ ...parts, ...run }, locked, vault)
      if (!parts.config.holdInbox()) await drainInbox(context, parts.notice)
      return (await runLoaded(name as UseCaseName, args as never, context)) as unknown as JsonValue
    },
  }
}
