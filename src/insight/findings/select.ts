/**
 * Which of many looks are worth a sentence. Every look that could have become a finding counts, also those that came
 * to nothing; of the rest the false discovery rate is held at 5 %.
 */
import { benjaminiHochberg } from '../../analytics/index.ts'
import type { Finding } from './finding.ts'

/** One look with its p value. */
export interface Candidate {
  readonly p: number
  /** Large enough to matter, apart from being certain. */
  readonly worthSaying: boolean
  /** Made only for what is said. */
  readonly finding: (q: number) => Finding
}

export const falseDiscoveryRate = 0.05

/** The findings that stand, surest first. */
export function selectFindings(candidates: readonly Candidate[]): readonly Finding[] {
  const q = benjaminiHochberg(candidates.map(({ p }) => p))
  return candidates
    .map((candidate, i) => ({ candidate, q: q[i] as number }))
    .filter(({ candidate, q: rate }) => candidate.worthSaying && rate <= falseDiscoveryRate)
    .sort((a, b) => a.q - b.q || a.candidate.p - b.candidate.p)
    .map(({ candidate, q: rate }) => candidate.finding(rate))
}
