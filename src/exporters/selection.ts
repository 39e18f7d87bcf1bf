/** What of the record an export takes: `only` names collections, categories, metrics or entity types. */
import { Failure } from '../foundation/index.ts'
import { collectionNames, type Metric, metricById, metrics } from '../metrics/index.ts'
import {
  collectionByEntityType,
  type EntityType,
  entityTypes,
  type Period,
  type RecordSource,
  type SeriesInfo,
} from '../records/index.ts'

export interface Selection {
  readonly period: Period | undefined
  /** Everything is taken. */
  readonly whole: boolean
  hasMetric(id: string): boolean
  hasEntityType(type: EntityType): boolean
  readonly hasRawRecords: boolean
}

/** Fails with USAGE on a word that names nothing. */
export function selectionOf(options: {
  readonly only?: readonly string[]
  readonly period?: Period
}): Selection {
  const period = boundedPeriod(options.period)
  if (options.only === undefined || options.only.length === 0) {
    return {
      period,
      whole: period === undefined,
      hasMetric: () => true,
      hasEntityType: () => true,
      hasRawRecords: true,
    }
  }
  const words = new Set(options.only)
  for (const word of words) checkWord(word)
  return {
    period,
    whole: false,
    hasMetric: (id) => {
      const metric = metricById(id)
      return (
        words.has(id) || words.has(metric?.collection ?? 'documents') || words.has(metric?.category ?? '')
      )
    },
    hasEntityType: (type) => words.has(type) || words.has(collectionByEntityType[type]),
    hasRawRecords: words.has('documents') || words.has('raw_record'),
  }
}

/** JavaScript's range of dates, ms since the epoch. */
export const anyTime: Period = { fromMs: -8.64e15, toMs: 8.64e15 + 1 }

/** The period with open ends (infinities) brought to the range of dates. */
export function boundedPeriod(period: Period | undefined): Period | undefined {
  if (period === undefined) return undefined
  return { fromMs: Math.max(period.fromMs, anyTime.fromMs), toMs: Math.min(period.toMs, anyTime.toMs) }
}

/** Metrics that the vault holds and the selection takes, in order of id, with how many observations they have. */
export function selectedMetrics(
  source: RecordSource,
  selection: Selection,
): readonly { readonly id: string; readonly metric: Metric | undefined; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const { series, count } of source.series()) {
    if (selection.hasMetric(series.metric))
      counts.set(series.metric, (counts.get(series.metric) ?? 0) + count)
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, count]) => ({ id, metric: metricById(id), count }))
}

/** Series that the selection takes: their sources, from the directory alone. */
export function selectedSeries(source: RecordSource, selection: Selection): readonly SeriesInfo[] {
  return source.series().filter(({ series }) => selection.hasMetric(series.metric))
}

export function selectedEntityTypes(selection: Selection): readonly EntityType[] {
  return entityTypes.filter((type) => selection.hasEntityType(type))
}

function checkWord(word: string): void {
  const known =
    (collectionNames as readonly string[]).includes(word) ||
    (entityTypes as readonly string[]).includes(word) ||
    metrics.some((metric) => metric.id === word || metric.category === word)
  if (known) return
  throw new Failure('USAGE', `"${word.slice(0, 60)}" is no category`, {
    hint: `Categories: ${collectionNames.join(', ')}; or a metric from: healthmate metrics`,
  })
}
