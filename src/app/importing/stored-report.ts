/** Reports as the import's entity keeps them: over interruptions, and completed when the sealed inbox is drained. */
import type { ImportReport } from '../../importers/index.ts'
import { type BlockOutcome, emptyChange, type JsonValue, type Operation } from '../../records/index.ts'
import type { AppContext } from '../context.ts'

const maxStoredRefusals = 100

/** The report with the first refusals alone. */
export function storedReport(report: ImportReport): JsonValue {
  const refusals = report.refusals.slice(0, maxStoredRefusals)
  const unrecognised = report.unrecognised.slice(0, maxStoredRefusals)
  return JSON.parse(JSON.stringify({ ...report, refusals, unrecognised })) as JsonValue
}

const summedCounts = [
  'read',
  'imported',
  'pending',
  'merged',
  'duplicates',
  'skipped',
  'refused',
  'seconds',
] as const
const summedTables = ['byMetric', 'entities', 'unmapped', 'kept'] as const

type Table = Readonly<Record<string, number>>
type Counted = Pick<ImportReport, (typeof summedCounts)[number] | (typeof summedTables)[number]>

/** Reports of an interrupted run and of the one that went on from it: each covers its own part. */
export function addReports(earlier: JsonValue | undefined, later: ImportReport): ImportReport {
  if (typeof earlier !== 'object' || earlier === null) return later
  const before = earlier as unknown as ImportReport
  const names = new Set([...Object.keys(before.formats), ...Object.keys(later.formats)])
  const formats = [...names].map((name) => [name, addCounts(before.formats[name], later.formats[name])])
  return {
    ...later,
    ...addCounts(before, later),
    format: [...names].join('+'),
    formats: Object.fromEntries(formats),
    refusals: [...before.refusals, ...later.refusals],
    from: earliest(before.from, later.from),
    to: later.to ?? before.to,
    zones: [...new Set([...(before.zones ?? []), ...later.zones])],
  }
}

function addCounts(before: Partial<Counted> = {}, later: Partial<Counted> = {}): Counted {
  const sum = (name: (typeof summedCounts)[number]) => (before[name] ?? 0) + (later[name] ?? 0)
  const counts = Object.fromEntries(
    summedCounts.filter((name) => name in before || name in later).map((name) => [name, sum(name)]),
  )
  const tables = Object.fromEntries(
    summedTables
      .filter((name) => name in before || name in later)
      .map((name) => [name, addTables(before[name] ?? {}, later[name] ?? {})]),
  )
  return { ...counts, ...tables } as unknown as Counted
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return Date.parse(a) <= Date.parse(b) ? a : b
}

function addTables(a: Table, b: Table): Table {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}

/** What the drains so far made of an import's sealed records. */
interface Drained {
  readonly imported: number
  readonly duplicates: number
  readonly byMetric: Table
  readonly entities: Table
}

/**
 * Adds the outcomes of drained inbox entries to the reports of the imports they belong to. An import that is still
 * being sealed is drained in parts: what came before its report waits beside it.
 */
export function completeReports(
  context: AppContext,
  outcomesByImport: ReadonlyMap<string, readonly BlockOutcome[]>,
): void {
  for (const [id, outcomes] of outcomesByImport) {
    const fields = context.vault().entity('import', id)?.fields
    if (fields === undefined) continue
    const drained = addDrained((fields['drained'] ?? nothingDrained) as unknown as Drained, outcomes)
    const report = fields['report'] as unknown as ImportReport | undefined
    const set = (field: string, value: unknown): Operation => ({
      kind: 'entity',
      type: 'import',
      id,
      field,
      value: value as JsonValue,
    })
    const operations = [set('drained', drained)]
    if (report) operations.push(set('report', completed(report, drained)))
    context.vault().write({ ...emptyChange, label: 'import', operations })
  }
}

const nothingDrained: Drained = { imported: 0, duplicates: 0, byMetric: {}, entities: {} }

function addDrained(before: Drained, outcomes: readonly BlockOutcome[]): Drained {
  const records = outcomes.filter(({ isRecord }) => isRecord !== false)
  const sum = (numberOf: (outcome: BlockOutcome) => number) =>
    records.reduce((total, outcome) => total + numberOf(outcome), 0)
  return {
    imported: before.imported + sum(({ added }) => added),
    duplicates: before.duplicates + sum(({ duplicates, suppressed }) => duplicates + suppressed),
    byMetric: addTables(
      before.byMetric,
      addedBy(outcomes, ({ metric }) => metric),
    ),
    entities: addTables(
      before.entities,
      addedBy(outcomes, ({ entity }) => entity ?? ''),
    ),
  }
}

function addedBy(outcomes: readonly BlockOutcome[], nameOf: (outcome: BlockOutcome) => string): Table {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) {
    const name = nameOf(outcome)
    if (name !== '' && outcome.added > 0) counts[name] = (counts[name] ?? 0) + outcome.added
  }
  return counts
}

/** Imported, duplicate and pending records together never change: the drain only moves them. */
function completed(report: ImportReport, drained: Drained): ImportReport {
  const { imported, duplicates, byMetric, entities } = drained
  const pending = report.pending + report.imported + report.duplicates - imported - duplicates
  const counts = { imported, duplicates, pending, byMetric, entities }
  const [name, ...others] = Object.keys(report.formats)
  const only = name !== undefined && others.length === 0 ? report.formats[name] : undefined
  const formats = name !== undefined && only ? { [name]: { ...only, ...counts } } : report.formats
  return { ...report, ...counts, formats }
}
