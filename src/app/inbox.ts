/** Draining the sealed inbox, and what the person is told about it. */
import type { BlockOutcome } from '../records/index.ts'
import type { AppContext } from './context.ts'

/** Merges the sealed inbox, completes the reports of imports that went through it, and tells how much it was. */
export async function drainInbox(
  context: AppContext,
  notice: (text: string) => void,
): Promise<{ readonly entries: number; readonly observations: number; readonly damaged: number }> {
  const drained = await context.vault().drainInbox()
  if (drained.entries === 0) return { entries: 0, observations: 0, damaged: 0 }
  const byImport = new Map<string, BlockOutcome[]>()
  for (const { importId, outcomes } of drained.outcomes) {
    if (importId === null) continue
    byImport.set(importId, [...(byImport.get(importId) ?? []), ...outcomes])
  }
  if (byImport.size > 0) {
    const { completeReports } = await import('./importing/stored-report.ts')
    completeReports(context, byImport)
  }
  const observations = drained.outcomes
    .flatMap(({ outcomes }) => outcomes)
    .reduce((sum, outcome) => sum + outcome.added, 0)
  notice(
    `${observations === 1 ? '1 record' : `${observations.toLocaleString('en-US')} records`} that came in while the vault was locked merged now; healthmate inbox list shows what is unconfirmed`,
  )
  if (drained.damaged > 0) {
    notice(
      `${drained.damaged} sealed entries are damaged and were kept aside; healthmate inbox list shows them`,
    )
  }
  return { entries: drained.entries, observations, damaged: drained.damaged }
}
