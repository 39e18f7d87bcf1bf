/** Forecasts: who forecasts, what is said, and how it turned out. */
export * from './champion.ts'
export * from './forecast-text.ts'
export * from './kept.ts'
