/** `unlock [--for SPAN]`: starts the agent that holds the keys for a while. */
import { realpathSync } from 'node:fs'
import {
  canonicalPath,
  choosePassphraseSource,
  defaultIdleMs,
  ensureRuntimeFolder,
  findAgent,
  isEnrolledInKeychain,
  maxAbsoluteMs,
  readPassphrase,
  startAgent,
} from '../../app/index.ts'
import { Failure, type Redacted } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'
import { clockTime } from '../present/clock-time.ts'
import { oneLine } from '../present/terminal.ts'
import { parseSpan, passphraseSources, setupOf } from '../setup.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output, environment } = invocation
  const { paths, platform, vaultPath } = setupOf(invocation)
  const span = invocation.text('for')
  const idleMs = span === undefined ? defaultIdleMs : parseSpan(span, maxAbsoluteMs)
  const running = await findAgent(paths, vaultPath)
  if (running && span === undefined) return answer(invocation, await running.status(), false)
  refuseWithoutVault(vaultPath)
  ensureRuntimeFolder(paths, platform.uid)
  const start = async (passphrase?: Redacted): Promise<void> => {
    const notices = await startAgent({
      program: [process.execPath, realpathSync(process.argv[1] ?? '')],
      vaultPath: canonicalPath(vaultPath),
      idleMs,
      absoluteMs: maxAbsoluteMs,
      environment,
      ...(passphrase ? { passphrase } : {}),
    })
    for (const notice of notices) output.note(oneLine(notice))
  }
  if (!(await startedFromKeychain(invocation, start))) {
    // A new span needs the passphrase anew: whoever sits down at an unlocked computer must not keep it unlocked.
    const sources = passphraseSources(invocation, false)
    const passphrase = await readPassphrase(choosePassphraseSource(sources), sources)
    await start(passphrase).finally(() => passphrase.wipe())
  }
  const agent = await findAgent(paths, vaultPath)
  if (agent === undefined)
    throw new Failure('IO', 'the unlock agent ended at once', { hint: 'healthmate doctor' })
  if (output.verbose) output.detail(`agent of ${vaultPath} started`)
  return answer(invocation, await agent.status(), true)
}

/** Where nothing before the keychain applies and the vault is enrolled there, the agent gets its key by itself. */
async function startedFromKeychain(invocation: Invocation, start: () => Promise<void>): Promise<boolean> {
  const { paths, vaultPath } = setupOf(invocation)
  const sources = {
    ...passphraseSources(invocation, false),
    keychainEnrolled: () => isEnrolledInKeychain(paths, vaultPath),
  }
  if (choosePassphraseSource(sources).source !== 'keychain') return false
  try {
    await start()
    return true
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'VAULT_LOCKED') throw error
    invocation.output.note(oneLine(error.message))
    return false
  }
}

function refuseWithoutVault(vaultPath: string): void {
  try {
    realpathSync(vaultPath)
  } catch (error) {
    throw new Failure('VAULT_MISSING', `there is no vault at ${vaultPath}`, {
      hint: 'healthmate init',
      cause: error,
    })
  }
}

function answer(
  { output }: Invocation,
  status: { readonly locksIfIdle: string; readonly locksAtLatest: string },
  started: boolean,
): void {
  const { locksIfIdle, locksAtLatest } = status
  if (output.format === 'json') {
    output.json({ unlocked: true, started, locksIfIdle, locksAtLatest })
    return
  }
  const state = started ? 'Unlocked.' : 'Unlocked already.'
  output.note(
    `${state} Locks at ${clockTime(locksIfIdle)} unless used before, at ${clockTime(locksAtLatest)} at the latest.`,
  )
}
