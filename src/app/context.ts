/**
 * The composition root's face: what a use case may reach. Everything is lazy, so that `log` on a locked vault loads
 * neither analysis nor exporters, and `--version` loads nothing.
 */
import type { Clock, Random } from '../foundation/index.ts'
import type { LockedVault, Vault } from '../vault/index.ts'
import type { Config } from './config.ts'
import type { Paths } from './paths.ts'

/** Progress of anything over a second, shown on stderr by the caller. */
export interface Progress {
  /** `done` of `total` (bytes or records; total undefined when unknown), with what is going on. */
  update(done: number, total: number | undefined, what: string): void
  end(): void
}

export interface AppContext {
  readonly clock: Clock
  readonly random: Random
  readonly paths: Paths
  readonly config: Config
  /** The vault file that the command means. */
  readonly vaultPath: string
  readonly progress: Progress
  /** Where `--out -` goes; settles when there is room for more. */
  standardOutput(bytes: Uint8Array): Promise<void>
  /** Aborted on Ctrl-C: long work stops at its next safe point with INTERRUPTED. */
  readonly signal: AbortSignal
  /** System time zone (IANA) and the offset (minutes east of UTC) it has at an instant. */
  readonly zone: string
  offsetAt(ms: number): number
  /** Whether `vault()` can be had; otherwise records can only be sealed into the inbox. */
  readonly unlocked: boolean
  /** Fails with VAULT_LOCKED while the vault is locked. */
  vault(): Vault
  locked(): LockedVault
}
