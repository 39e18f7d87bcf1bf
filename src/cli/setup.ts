/** What almost every command needs first: folders, settings, the vault that is meant, and ways to its passphrase. */
import {
  type Config,
  currentPlatform,
  loadConfig,
  type PassphraseSources,
  type Paths,
  type Platform,
  resolvePaths,
  resolveVaultPath,
} from '../app/index.ts'
import { Failure } from '../foundation/index.ts'
import type { Invocation } from './invocation.ts'

export interface Setup {
  readonly platform: Platform
  readonly paths: Paths
  readonly config: Config
  readonly vaultPath: string
}

/** Reads the configuration and applies its colours. Fails with USAGE on settings that do not exist. */
export function setupOf(invocation: Invocation): Setup {
  const platform = currentPlatform(invocation.environment)
  const paths = resolvePaths(platform)
  const config = loadConfig(paths, invocation.environment)
  invocation.output.useColorSetting(config.color())
  const vaultPath = resolveVaultPath(paths, config, invocation.environment, invocation.text('vault'))
  return { platform, paths, config, vaultPath }
}

/** The ways to a passphrase that this run has, for `choosePassphraseSource` and `readPassphrase`. */
export function passphraseSources(invocation: Invocation, agentAnswers: boolean): PassphraseSources {
  const descriptor = invocation.count('passphrase-fd')
  const file = invocation.text('passphrase-file')
  return {
    ...(descriptor === undefined ? {} : { descriptor }),
    ...(file === undefined ? {} : { file }),
    insecureEnvironment: invocation.flag('insecure-env'),
    environment: invocation.environment,
    agentAnswers,
    ...(invocation.interactive
      ? {
          prompt: async () =>
            (await import('./prompt/passphrase.ts')).askPassphrase('Passphrase of the vault:'),
        }
      : { noPromptReason: noPromptReason(invocation) }),
  }
}

function noPromptReason(invocation: Invocation): string {
  return invocation.flag('no-input') ? '--no-input was given' : 'standard input is no terminal'
}

/** `15m`, `2h`, `90s` as milliseconds, at most `mostMs`. Fails with USAGE. */
export function parseSpan(text: string, mostMs: number): number {
  const match = /^(\d{1,5})\s?(s|m|min|h)$/.exec(text.trim().toLowerCase())
  const unitMs = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }[match?.[2] ?? ''] ?? 0
  const ms = Number(match?.[1] ?? 0) * unitMs
  if (ms <= 0 || ms > mostMs) {
    throw new Failure('USAGE', `"${text.slice(0, 40)}" is no span from 1s to ${mostMs / 3_600_000}h`, {
      hint: 'Write 15m or 2h.',
    })
  }
  return ms
}
