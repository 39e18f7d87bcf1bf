/** What the rows share: sizes, scratch folder, progress. */
import type { Measurement } from './result.ts'

export const sizes = { '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000 } as const
export type SizeName = keyof typeof sizes

export interface Bench {
  /** The project's folder. */
  readonly root: string
  /** Where this run's bundled child programs are. */
  readonly children: string
  /** A folder of this run's own, removed at its end. */
  readonly scratch: string
  readonly sizes: readonly SizeName[]
  /** Tells on standard error what is going on. */
  note(text: string): void
}

/** A group of rows that are measured together. */
export interface RowGroup {
  /** Names that `--only` knows; sizes are appended to some (`scan-1m`). */
  readonly names: readonly string[]
  run(bench: Bench): Promise<readonly Measurement[]>
}

/** The largest size is the headline and has the plain name. */
export function sized(name: string, size: SizeName): string {
  return size === '10m' ? name : `${name}-${size}`
}

/** The largest of the sizes asked for. */
export function largest(bench: Bench): SizeName {
  return bench.sizes.at(-1) ?? '10m'
}
