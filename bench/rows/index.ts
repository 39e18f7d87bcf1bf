/** All rows, in the order of the table of targets. */
import type { RowGroup } from '../bench.ts'
import { agentRows } from './agent.ts'
import { analysisRows } from './analysis.ts'
import { championRow } from './champion.ts'
import { forecastRows } from './forecast.ts'
import { importRows } from './import-apple.ts'
import { importFormatRows } from './import-formats.ts'
import { insightRows } from './insights.ts'
import { lockedLogRow, versionRow } from './processes.ts'
import { rollupRows } from './rollups.ts'
import { commitmentRow, wrongPassphraseRow } from './security.ts'
import { storageRows } from './storage.ts'
import { trendClaimRows } from './trend-claims.ts'

export const rowGroups: readonly RowGroup[] = [
  versionRow,
  lockedLogRow,
  agentRows,
  storageRows,
  importRows,
  ...importFormatRows,
  rollupRows,
  wrongPassphraseRow,
  commitmentRow,
  ...insightRows,
  ...analysisRows,
  trendClaimRows,
  forecastRows,
  championRow,
]
