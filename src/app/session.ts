/**
 * Runs a use case where it belongs: in the unlock agent, in this process with the vault unlocked, or on the locked
 * vault's inbox. What decides is the scope of the use case and which secrets are at hand; see `Scope`.
 */
import { randomBytes } from 'node:crypto'
import { type Clock, Failure, type Random } from '../foundation/index.ts'
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
import type { ImportArgs } from './use-cases/import.ts'
import { offsetOf, personZone } from './zone.ts'

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
  /** Unlock a file whose key slots are older than this machine remembers: the person put it back. */
  readonly acceptOlder?: boolean
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
  if (scope === 'admin' || parts.acceptOlder === true) return inProcess(name, args, parts)
  // An import reads files, which the client opens itself; what it cannot write it seals, and the agent drains it.
  const agent = await findAgent(parts.paths, parts.vaultPath)
  if (agent && name !== 'import') {
    const { progress, signal, notice } = parts
    const { environment } = parts.passphrase
    const run = { progress, signal, notice, environment }
    return (await agent.run(name, args as JsonValue, run)) as ViewOf<Name>
  }
  const known = agent && name === 'import' ? await knownToAgent(agent, args as ImportArgs, parts) : undefined
  if (known) return known as ViewOf<Name>
  const view = await inProcess(name, args, parts)
  return agent && name === 'import' ? mergedByAgent(agent, view as ViewOf<'import'>, parts) : view
}

/** The view of an earlier import of the same input, where the person wants it once (`--watch`). */
async function knownToAgent(
  agent: AgentClient,
  args: ImportArgs,
  parts: SessionParts,
): Promise<ViewOf<'import'> | undefined> {
  if (args.once !== true) return undefined
  const { importFingerprint } = await import('./use-cases/import.ts')
  const fingerprint = await importFingerprint(parts.paths, args)
  const { progress, signal } = parts
  const found = (await agent.run(
    'import.find',
    { fingerprint },
    { progress, signal },
  )) as unknown as ViewOf<'import.find'>
  return found.view ?? undefined
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
  await agent.run('inbox.drain', {}, { progress, signal, environment: parts.passphrase.environment })
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
): Promise<ViewOf<Name>> {
  const { openLocked } = await import('../vault/index.ts')
  const locked = openLocked(parts.vaultPath, placesOf(parts.paths))
  try {
    const { vault, why, keychainFailed } = await unlockedFor(name, locked, parts)
    if (vault === undefined) {
      if (useCases[name].scope === 'append') {
        if (keychainFailed) parts.notice(why)
        return await runLoaded(name, args, contextOf(parts, locked, undefined))
      }
      throw await withoutSecret(parts, why)
    }
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

/**
 * Adding never prompts: it uses a secret that is at hand, else it seals. Where data leave, the keychain is not enough,
 * as the agent is not (security.md 4.7, scope `admin`). Everything else asks.
 */
function unlockedFor(name: UseCaseName, locked: LockedVault, parts: SessionParts): Promise<Unlocking> {
  const { scope } = useCases[name]
  const { prompt, ...silent } = parts.passphrase
  const sources = { ...silent, ...(scope !== 'append' && prompt ? { prompt } : {}) }
  return unlockedBySource(locked, sources, parts, { keychain: scope !== 'admin' })
}

/** The vault, or why nothing opened it. */
export interface Unlocking {
  readonly vault?: Vault
  readonly why: string
  /** The vault is enrolled in the keychain, but that did not open it. */
  readonly keychainFailed?: boolean
}

type UnlockParts = Pick<
  SessionParts,
  'notice' | 'config' | 'paths' | 'vaultPath' | 'progress' | 'standardOutput' | 'signal' | 'acceptOlder'
>

/** Unlocks with the first source that is there. A keychain that does not open the vault gives way to the next. */
export async function unlockedBySource(
  locked: LockedVault,
  passphrase: SessionParts['passphrase'],
  parts: UnlockParts,
  use: { readonly keychain: boolean },
): Promise<Unlocking> {
  const sources: PassphraseSources = { ...passphrase, agentAnswers: false }
  const { hasUsableSlot } = await import('../vault/index.ts')
  const first = choosePassphraseSource({
    ...sources,
    ...(use.keychain ? { keychainEnrolled: () => hasUsableSlot(locked.file, 'keychain') } : {}),
  })
  const found =
    first.source === 'keychain'
      ? await (await import('./keychain.ts')).keyFromKeychain(locked.file, passphrase.environment)
      : undefined
  if (found?.key) {
    return { vault: await unlocked(locked, { kind: 'keychain', key: found.key }, parts), why: first.why }
  }
  const choice = found ? choosePassphraseSource(sources) : first
  if (choice.source === 'none') return found ? { why: found.why, keychainFailed: true } : { why: choice.why }
  if (found) parts.notice(found.why)
  const secret: UnlockSecret = { kind: 'passphrase', passphrase: await readPassphrase(choice, sources) }
  return { vault: await unlocked(locked, secret, parts), why: choice.why }
}

/** Why there is no secret; beside a running agent, that this command needs the passphrase all the same. */
export async function withoutSecret(
  parts: Pick<SessionParts, 'paths' | 'vaultPath'>,
  why: string,
): Promise<Failure> {
  if ((await findAgent(parts.paths, parts.vaultPath)) === undefined) return lockedFailure(why)
  return new Failure(
    'VAULT_LOCKED',
    `this needs the passphrase itself, not the unlock agent, and none can be had: ${why}`,
    {
      hint: 'Add --passphrase-file FILE, or set HEALTHMATE_PASSPHRASE_FILE or HEALTHMATE_PASSPHRASE_COMMAND.',
    },
  )
}

/** A secret that opens nothing, in the words of the person who gave it. */
export function wrongPassphrase(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'WRONG_PASSPHRASE') return error
  return new Failure('WRONG_PASSPHRASE', 'the passphrase is wrong: it does not open this vault', {
    hint: 'Try again, or use the recovery code: healthmate recovery use',
    cause: error,
  })
}

/** Unlocks, tells what was noticed, and merges what came in while locked unless the person holds it back. */
async function unlocked(locked: LockedVault, secret: UnlockSecret, parts: UnlockParts): Promise<Vault> {
  const { vault, notices } = await locked
    .unlock(secret, { acceptOlder: parts.acceptOlder === true })
    .catch((error: unknown) => {
      throw secret.kind === 'passphrase' ? wrongPassphrase(error) : error
    })
  wipeSecret(secret)
  for (const notice of notices) parts.notice(noticeText(notice))
  vault.setSettings({ dayStartMin: parts.config.dayStartMin(), priority: parts.config.sourcePriority() })
  if (!parts.config.holdInbox()) await drainInbox(contextOf(parts, locked, vault), parts.notice)
  return vault
}

function wipeSecret(secret: UnlockSecret): void {
  if (secret.kind === 'passphrase') secret.passphrase.wipe()
  else if (secret.kind === 'keychain') secret.key.wipe()
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
  const zone = personZone(parts.config)
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
