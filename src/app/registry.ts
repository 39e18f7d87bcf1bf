/**
 * Every use case by name, with its scope and where its code is. The scope is here too, so that the client of the agent
 * knows what to do without loading the use case.
 */
import type { Scope, UseCase } from './use-case.ts'

function entry<Args, View>(scope: Scope, load: () => Promise<UseCase<Args, View>>) {
  return { scope, load }
}

export const useCases = {
  log: entry('append', async () => (await import('./use-cases/log.ts')).logUseCase),
  list: entry('read', async () => (await import('./use-cases/list.ts')).listUseCase),
  search: entry('read', async () => (await import('./use-cases/list.ts')).searchUseCase),
  show: entry('read', async () => (await import('./use-cases/list.ts')).showUseCase),
  edit: entry('read', async () => (await import('./use-cases/edit.ts')).editUseCase),
  rm: entry('read', async () => (await import('./use-cases/edit.ts')).removeUseCase),
  undo: entry('read', async () => (await import('./use-cases/edit.ts')).undoUseCase),
  tag: entry('read', async () => (await import('./use-cases/edit.ts')).tagUseCase),
  attach: entry('read', async () => (await import('./use-cases/attach.ts')).attachUseCase),
  'attach.get': entry('read', async () => (await import('./use-cases/attach.ts')).attachmentUseCase),
  explain: entry('read', async () => (await import('./use-cases/explain.ts')).explainUseCase),
  goal: entry('read', async () => (await import('./use-cases/goal.ts')).goalUseCase),
  appointment: entry('read', async () => (await import('./use-cases/appointment.ts')).appointmentUseCase),
  profile: entry('read', async () => (await import('./use-cases/profile.ts')).profileUseCase),
  import: entry('append', async () => (await import('./use-cases/import.ts')).importUseCase),
  'import.history': entry(
    'read',
    async () => (await import('./use-cases/import-history.ts')).importHistoryUseCase,
  ),
  'import.report': entry(
    'read',
    async () => (await import('./use-cases/import-history.ts')).importReportUseCase,
  ),
  'import.find': entry('read', async () => (await import('./use-cases/import.ts')).importFindUseCase),
  'import.undo': entry('read', async () => (await import('./use-cases/import-history.ts')).importUndoUseCase),
  trend: entry('read', async () => (await import('./use-cases/trend.ts')).trendUseCase),
  chart: entry('read', async () => (await import('./use-cases/chart.ts')).chartUseCase),
  insights: entry('read', async () => (await import('./use-cases/insights.ts')).insightsUseCase),
  correlate: entry('read', async () => (await import('./use-cases/correlate.ts')).correlateUseCase),
  experiment: entry('read', async () => (await import('./use-cases/experiment.ts')).experimentUseCase),
  forecast: entry('read', async () => (await import('./use-cases/forecast.ts')).forecastUseCase),
  models: entry('read', async () => (await import('./use-cases/models.ts')).modelsUseCase),
  'models.compare': entry('read', async () => (await import('./use-cases/models.ts')).modelsCompareUseCase),
  'models.scores': entry('read', async () => (await import('./use-cases/models.ts')).modelsScoresUseCase),
  summary: entry('read', async () => (await import('./use-cases/summary.ts')).summaryUseCase),
  export: entry('admin', async () => (await import('./use-cases/export.ts')).exportUseCase),
  'inbox.list': entry('read', async () => (await import('./use-cases/inbox.ts')).inboxListUseCase),
  'inbox.drain': entry('read', async () => (await import('./use-cases/inbox.ts')).inboxDrainUseCase),
  'inbox.accept': entry('read', async () => (await import('./use-cases/inbox.ts')).inboxAcceptUseCase),
  'inbox.reject': entry('read', async () => (await import('./use-cases/inbox.ts')).inboxRejectUseCase),
  'vault.info': entry('read', async () => (await import('./use-cases/vault.ts')).vaultInfoUseCase),
  'vault.check': entry('read', async () => (await import('./use-cases/vault.ts')).vaultCheckUseCase),
  'vault.scrub': entry('read', async () => (await import('./use-cases/vault.ts')).vaultScrubUseCase),
  'vault.rebuild': entry('read', async () => (await import('./use-cases/vault.ts')).vaultRebuildUseCase),
  'vault.compact': entry('read', async () => (await import('./use-cases/vault.ts')).vaultCompactUseCase),
} as const

export type UseCaseName = keyof typeof useCases
type Loaded<Name extends UseCaseName> = Awaited<ReturnType<(typeof useCases)[Name]['load']>>
export type ArgsOf<Name extends UseCaseName> =
  Loaded<Name> extends UseCase<infer Args, unknown> ? Args : never
export type ViewOf<Name extends UseCaseName> = Loaded<Name> extends UseCase<never, infer View> ? View : never
