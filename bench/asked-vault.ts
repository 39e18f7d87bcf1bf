/** Asking a use case of a vault that was just opened, as a process without agent does. */
import { contextOf, currentPlatform, loadConfig, resolvePaths } from '../src/app/index.ts'
import { openLocked } from '../src/vault/index.ts'
import { timed } from './measure.ts'
import { passphrase, type TestVault } from './test-vault.ts'

export type Context = ReturnType<typeof contextOf>

/** Milliseconds of one question to a vault that was just unlocked, so that nothing is kept in memory; opening not counted. */
export async function asked(at: TestVault, ask: (context: Context) => Promise<void>): Promise<number> {
  const locked = openLocked(at.path, at.places)
  const { vault } = await locked.unlock({ kind: 'passphrase', passphrase: passphrase() })
  try {
    const base = resolvePaths(currentPlatform())
    const paths = { ...base, state: at.places.statePath, config: at.places.configPath }
    const parts = {
      paths,
      config: loadConfig(paths, {}),
      vaultPath: at.path,
      progress: { update: () => {}, end: () => {} },
      signal: new AbortController().signal,
      standardOutput: async () => {},
    }
    return await timed(() => ask(contextOf(parts, locked, vault)))
  } finally {
    vault.close()
  }
}
