/** `vault info|check|scrub|rebuild|compact`. */
import { bytesToHex, Failure } from '../../foundation/index.ts'
import type { CheckReport, CompactReport, VaultInfo } from '../../vault/index.ts'
import type { UseCase } from '../use-case.ts'

type NoArgs = Record<string, never>

export interface VaultInfoView extends VaultInfo {
  readonly vaultId: string
  /** Digest of live state: equal on every device that holds the same records. */
  readonly digest: string
}

export const vaultInfoUseCase: UseCase<NoArgs, VaultInfoView> = {
  name: 'vault.info',
  scope: 'read',
  async run(context) {
    const vault = context.vault()
    return { vaultId: bytesToHex(vault.vaultId), digest: vault.digest(), ...vault.info() }
  },
}

/** Damage is an answer, not a failure of the check: the command turns it into exit code 6. */
export const vaultCheckUseCase: UseCase<NoArgs, CheckReport> = {
  name: 'vault.check',
  scope: 'read',
  run: async (context) => context.vault().check(),
}

export interface ScrubView extends CheckReport {
  /** Derived state was rebuilt from the batches and no damage is left. */
  readonly repaired: boolean
}

export const vaultScrubUseCase: UseCase<{ readonly repair?: boolean }, ScrubView> = {
  name: 'vault.scrub',
  scope: 'read',
  async run(context, args) {
    const found = context.vault().scrub()
    if (!args.repair || found.damages.length === 0) return { ...found, repaired: false }
    context.vault().rebuild()
    const left = context.vault().scrub()
    return {
      damages: left.damages.length === 0 ? found.damages : left.damages,
      rows: left.rows,
      repaired: left.damages.length === 0,
    }
  },
}

export interface RebuildView {
  readonly observations: number
  readonly entities: number
  readonly digestBefore: string
  readonly digestAfter: string
  readonly dryRun: boolean
}

/** Fails with DAMAGED when the digests differ: derived state did not follow from the batches. */
export const vaultRebuildUseCase: UseCase<{ readonly dryRun?: boolean }, RebuildView> = {
  name: 'vault.rebuild',
  scope: 'read',
  async run(context, args) {
    const vault = context.vault()
    const digestBefore = vault.digest()
    const work = () => ({ ...vault.rebuild(), digestAfter: vault.digest() })
    const { observations, entities, digestAfter } = args.dryRun ? await vault.rehearse(work) : work()
    if (digestAfter !== digestBefore) {
      throw new Failure(
        'DAMAGED',
        `the derived state differed from the batches (${digestBefore.slice(0, 12)}…)`,
        {
          hint: args.dryRun
            ? 'healthmate vault rebuild'
            : 'It was rebuilt; healthmate vault check shows that it is sound.',
        },
      )
    }
    return { observations, entities, digestBefore, digestAfter, dryRun: args.dryRun === true }
  },
}

export const vaultCompactUseCase: UseCase<NoArgs, CompactReport> = {
  name: 'vault.compact',
  scope: 'read',
  run: async (context) => context.vault().compact(),
}
