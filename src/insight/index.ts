/** What is worth saying about a person's numbers: the trend verdict, the summary. Abstains on thin data. */

export * from './summary.ts'
export * from './trend.ts'
export type { TrendFormat } from './trend-text.ts'
