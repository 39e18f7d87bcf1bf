/** Types of the export generator for TypeScript callers. */
export interface GeneratorOptions {
  readonly seed?: number
  readonly days?: number
  /** About how many `<Record>` elements; the heart rate is made as dense as that needs. */
  readonly records?: number
  /** Midnight UTC after the last day, ms. */
  readonly end?: number
  readonly defects?: readonly string[]
  readonly zip?: boolean
}

export const defectNames: readonly string[]
export function generateAppleHealth(options?: GeneratorOptions): Generator<string>
export function writeAppleHealthExport(path: string, options?: GeneratorOptions): Promise<void>
