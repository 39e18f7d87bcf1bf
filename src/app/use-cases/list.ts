/** `list`, `search`, `show`: reading records, newest first. */
import { Failure } from '../../foundation/index.ts'
import { findMetric } from '../../metrics/index.ts'
import { type Entity, type Observation, type ObservationQuery, sourceLabel } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { type RecordView, recordView } from '../record-view.ts'
import type { UseCase } from '../use-case.ts'

export interface ListArgs {
  readonly metric?: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly tag?: string
  /** Part of a source's label, compared without case. */
  readonly source?: string
  /** At most so many records; a page for machine output. */
  readonly limit: number
}

export interface ListView {
  readonly records: readonly RecordView[]
  readonly count: number
  /** Continue with `toMs` = this to get what is older; `null` when nothing is. */
  readonly olderThanMs: number | null
}

export const listUseCase: UseCase<ListArgs, ListView> = {
  name: 'list',
  scope: 'read',
  async run(context, args) {
    const query = queryOf(args)
    const matching = latestMatching(context, query, args)
    const preferences = context.config.unitPreferences()
    return {
      records: matching.observations.map((observation) => recordView(observation, preferences)),
      count: matching.observations.length,
      olderThanMs: matching.olderThanMs,
    }
  },
}

function queryOf(args: Pick<ListArgs, 'metric' | 'fromMs' | 'toMs' | 'source'>): ObservationQuery {
  const wanted = args.source?.toLowerCase()
  return {
    ...(args.metric === undefined ? {} : { metric: findMetric(args.metric).id }),
    ...(args.fromMs === undefined && args.toMs === undefined
      ? {}
      : { period: { fromMs: args.fromMs ?? -Infinity, toMs: args.toMs ?? Infinity } }),
    ...(wanted === undefined
      ? {}
      : { sources: (source) => sourceLabel(source).toLowerCase().includes(wanted) }),
  }
}

interface Matching {
  readonly observations: readonly Observation[]
  readonly olderThanMs: number | null
}

/**
 * The newest `limit` records that carry the tag, in pages of whole instants: a page never ends between records of the
 * same start, so that `olderThanMs` loses and repeats nothing.
 */
function latestMatching(context: AppContext, query: ObservationQuery, args: ListArgs): Matching {
  const found: Observation[] = []
  let toMs = query.period?.toMs ?? Infinity
  const fromMs = query.period?.fromMs ?? -Infinity
  while (found.length < args.limit) {
    const page = wholePage(
      context,
      { ...query, period: { fromMs, toMs } },
      Math.max(args.limit - found.length, 50),
    )
    found.push(...page.filter((one) => args.tag === undefined || one.extra.tags?.includes(args.tag)))
    const oldest = page.at(-1)
    if (!oldest) return { observations: found, olderThanMs: null }
    toMs = oldest.startMs
  }
  return { observations: found, olderThanMs: toMs }
}

function wholePage(context: AppContext, query: ObservationQuery, limit: number): readonly Observation[] {
  const vault = context.vault()
  const page = vault.latest(query, limit)
  const oldest = page.at(-1)
  if (!oldest || page.length < limit) return page
  const sameInstant = { ...query, period: { fromMs: oldest.startMs, toMs: oldest.startMs + 1 } }
  const seen = new Set(page.map((one) => one.id))
  const rest = vault.latest(sameInstant, Number.MAX_SAFE_INTEGER).filter((one) => !seen.has(one.id))
  return [...page, ...rest]
}

export interface SearchArgs {
  readonly words: string
  readonly limit: number
}

export interface SearchView {
  readonly records: readonly RecordView[]
  readonly entities: readonly EntityView[]
  readonly count: number
}

export interface EntityView {
  readonly type: string
  readonly id: string
  readonly fields: Entity['fields']
}

/** Every word must occur in a record's metric, value, note, tags, context or source, or in an entity's fields. */
export const searchUseCase: UseCase<SearchArgs, SearchView> = {
  name: 'search',
  scope: 'read',
  async run(context, args) {
    const words = args.words
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    if (words.length === 0)
      throw new Failure('USAGE', 'no words to search for', { hint: 'healthmate search headache' })
    const records = matchingObservations(context, words, args.limit)
    const entities = matchingEntities(context, words)
    return { records, entities, count: records.length + entities.length }
  },
}

/** Only what has text can match: rows with extras, and all rows of a metric whose own name matches every word. */
function matchingObservations(context: AppContext, words: readonly string[], limit: number): RecordView[] {
  const preferences = context.config.unitPreferences()
  const found: RecordView[] = []
  for (const observation of context.vault().annotated()) {
    const view = recordView(observation, preferences)
    const text = [view.metric, view.name, view.text, view.note, view.context, view.source, ...view.tags].join(
      ' ',
    )
    if (words.every((word) => text.toLowerCase().includes(word))) found.push(view)
  }
  found.sort((a, b) => (a.at < b.at ? 1 : -1))
  return found.slice(0, limit)
}

const searchableTypes = [
  'note',
  'goal',
  'appointment',
  'condition',
  'allergy',
  'medication',
  'immunization',
  'procedure',
  'lab_report',
  'dose_event',
  'family_history',
  'social_history',
  'encounter',
  'care_plan',
  'device',
  'coverage',
  'attachment',
] as const

function matchingEntities(context: AppContext, words: readonly string[]): EntityView[] {
  const views: EntityView[] = []
  for (const type of searchableTypes) {
    for (const entity of context.vault().entities(type)) {
      const text = JSON.stringify(entity.fields).toLowerCase()
      if (words.every((word) => text.includes(word)))
        views.push({ type, id: entity.id, fields: entity.fields })
    }
  }
  return views
}

export interface ShowArgs {
  readonly id: string
}

export interface ShowView {
  readonly record: RecordView | null
  readonly entity: EntityView | null
  /** Import ids and labels that assert the record. */
  readonly imports: readonly { readonly id: string; readonly label: string }[]
  readonly attachments: readonly { readonly id: string; readonly name: string; readonly bytes: number }[]
  readonly meta: Readonly<Record<string, string>>
}

export const showUseCase: UseCase<ShowArgs, ShowView> = {
  name: 'show',
  scope: 'read',
  async run(context, args) {
    const vault = context.vault()
    const observation = vault.find(args.id)
    if (!observation) return entityShown(context, args.id)
    return {
      record: recordView(observation, context.config.unitPreferences()),
      entity: null,
      imports: observation.imports.map((id) => ({ id, label: importLabel(vault.entity('import', id)) })),
      attachments: attachmentsOf(context, args.id),
      meta: observation.extra.meta ?? {},
    }
  },
}

function importLabel(entity: Entity | undefined): string {
  const files = entity?.fields['files']
  return Array.isArray(files) ? files.join(', ') : 'unknown import'
}

function entityShown(context: AppContext, id: string): ShowView {
  for (const type of searchableTypes) {
    const entity = context.vault().entity(type, id)
    if (entity) {
      const view = { type, id, fields: entity.fields }
      return { record: null, entity: view, imports: [], attachments: attachmentsOf(context, id), meta: {} }
    }
  }
  throw notFound(id)
}

export function notFound(id: string): Failure {
  return new Failure('NOT_FOUND', `there is no record ${id.slice(0, 80)}`, {
    hint: 'healthmate list shows the ids of records.',
  })
}

export function attachmentsOf(
  context: AppContext,
  ownerId: string,
): { id: string; name: string; bytes: number }[] {
  return context
    .vault()
    .entities('attachment')
    .filter((entity) => entity.fields['owner'] === ownerId)
    .map((entity) => ({
      id: entity.id,
      name: String(entity.fields['name'] ?? ''),
      bytes: Number(entity.fields['size'] ?? 0),
    }))
}
