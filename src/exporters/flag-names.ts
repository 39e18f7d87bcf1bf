/** The flags of an observation as words, in the order of their bits. */
import { observationFlag } from '../records/index.ts'

const flags = Object.entries(observationFlag)

export function flagNames(bits: number): readonly string[] {
  return flags.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name)
}
