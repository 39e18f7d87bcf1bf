/** What is worth saying about a person's numbers: the trend verdict, the summary. Abstains on thin data. */

export * from './association.ts'
export * from './correlation.ts'
export * from './experiment/index.ts'
export * from './findings/index.ts'
export * from './forecasting/index.ts'
export * from './summary.ts'
export * from './trend.ts'
export type { TrendFormat } from './trend-text.ts'
