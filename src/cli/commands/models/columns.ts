/** Cells that the tables of `models` share. */
import type { ViewOf } from '../../../app/index.ts'

type Trial = ViewOf<'models'>['models'][number]['trials']

export const noForecasts = 'Nothing was forecast yet: healthmate forecast weight'

export const trialColumns = [
  { title: 'trials', align: 'right' as const },
  { title: 'MASE', align: 'right' as const },
  { title: 'sCRPS', align: 'right' as const },
]

export function trialCells(trial: Trial): readonly string[] {
  if (trial === null) return ['0', '', '']
  return [String(trial.folds), score(trial.mase), score(trial.scaledCrps)]
}

/** Scores are ratios to the error of repeating the week before. */
export function score(value: number): string {
  return value.toFixed(2)
}

export function share(value: number): string {
  return `${Math.round(100 * value)} %`
}
