/** `edit`, `rm`, `undo`, `tag`: changing what is there. Every change can be undone. */
import { Failure } from '../../foundation/index.ts'
import {
  checkBounds,
  displayUnit,
  findMetric,
  formatValue,
  fromCanonical,
  parseQuantity,
  resolveUnit,
  toCanonical,
} from '../../metrics/index.ts'
import {
  emptyChange,
  type Observation,
  type ObservationOperation,
  type ObservationRef,
  type Operation,
} from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { maxTagLength, refuseWrongOrder } from '../logging/log-request.ts'
import { type RecordView, recordView } from '../record-view.ts'
import type { UseCase } from '../use-case.ts'
import { notFound } from './list.ts'

export interface EditArgs {
  readonly id: string
  readonly value?: string
  readonly atMs?: number
  readonly offsetMin?: number
  readonly note?: string | null
  readonly context?: string | null
  readonly tags?: readonly string[]
  readonly confirmed?: boolean
  readonly dryRun?: boolean
}

export interface EditView {
  readonly before: RecordView
  readonly after: RecordView
  readonly dryRun: boolean
}

export const editUseCase: UseCase<EditArgs, EditView> = {
  name: 'edit',
  scope: 'read',
  async run(context, args) {
    const { observation, ref } = located(context, args.id)
    const operations = editOperations(context, observation, ref, args)
    if (operations.length === 0) {
      throw new Failure('USAGE', 'nothing to change', { hint: `healthmate edit ${args.id} --value …` })
    }
    const preferences = context.config.unitPreferences()
    const before = recordView(observation, preferences)
    const work = (): Observation => {
      context.vault().write({ ...emptyChange, label: `edit ${observation.metric}`, operations })
      const after = context.vault().find(args.id)
      if (!after) throw new Failure('INTERNAL', 'an edited record cannot be found')
      return after
    }
    const after = args.dryRun ? await context.vault().rehearse(work) : work()
    return { before, after: recordView(after, preferences), dryRun: args.dryRun === true }
  },
}

function located(context: AppContext, id: string): { observation: Observation; ref: ObservationRef } {
  const located = context.vault().locate(id)
  if (!located) throw notFound(id)
  return located
}

function editOperations(
  context: AppContext,
  observation: Observation,
  ref: ObservationRef,
  args: EditArgs,
): Operation[] {
  const operations: ObservationOperation[] = []
  const base = { kind: 'observation', ref } as const
  if (args.value !== undefined) {
    operations.push({
      ...base,
      field: 'values',
      value: editedValues(context, observation, ref, args.value, args),
    })
  }
  if (args.atMs !== undefined) {
    const duration = observation.endMs - observation.startMs
    operations.push({
      ...base,
      field: 'time',
      value: [args.atMs, duration, args.offsetMin ?? observation.offsetMin],
    })
  }
  if (args.note !== undefined) operations.push({ ...base, field: 'note', value: args.note })
  if (args.context !== undefined) operations.push({ ...base, field: 'context', value: args.context })
  if (args.tags !== undefined)
    operations.push({ ...base, field: 'tags', value: [...new Set(args.tags)].sort() })
  return operations
}

/** New numbers in the series' own unit. A bare number is read in the unit that `list` shows. */
function editedValues(
  context: AppContext,
  observation: Observation,
  ref: ObservationRef,
  text: string,
  args: EditArgs,
): readonly number[] {
  const metric = findMetric(observation.metric)
  const parsed = parseQuantity(metric, text)
  const unit = parsed.unit ?? displayUnit(metric, context.config.unitPreferences())
  const canonical = parsed.values.map((value) => toCanonical(metric, unit, value))
  refuseWrongOrder(metric, unit, canonical)
  const verdict = checkBounds(metric, canonical)
  if (verdict !== 'ok' && (verdict.kind === 'impossible' || args.confirmed !== true)) {
    throw new Failure(
      'VALUE',
      `${formatValue(metric, canonical, unit)} is ${verdict.kind} for ${metric.name}`,
      {
        hint: verdict.kind === 'impossible' ? 'Check the number and its unit.' : 'If it is right, add --yes.',
      },
    )
  }
  if (unit.ucum === ref.series.unit) return parsed.values
  const seriesUnit = resolveUnit(metric, ref.series.unit)
  return canonical.map((value) => fromCanonical(metric, seriesUnit, value))
}

export interface RemoveArgs {
  readonly ids: readonly string[]
  readonly dryRun?: boolean
}

export interface RemoveView {
  readonly removed: readonly RecordView[]
  readonly missing: readonly string[]
  readonly dryRun: boolean
}

/** What a person removes stays removed, also when an export that holds it is imported again. */
export const removeUseCase: UseCase<RemoveArgs, RemoveView> = {
  name: 'rm',
  scope: 'read',
  async run(context, args) {
    const found = args.ids.map((id) => ({ id, hit: context.vault().locate(id) }))
    const missing = found.filter((one) => !one.hit).map((one) => one.id)
    const hits = found.flatMap((one) => (one.hit ? [one.hit] : []))
    if (hits.length === 0) throw notFound(args.ids[0] ?? '')
    const operations = hits.map(
      ({ ref }): Operation => ({ kind: 'observation', ref, field: 'removed', value: true }),
    )
    if (!args.dryRun)
      context.vault().write({
        ...emptyChange,
        label: hits.length === 1 ? 'rm 1 record' : `rm ${hits.length} records`,
        operations,
      })
    const preferences = context.config.unitPreferences()
    const removed = hits.map(({ observation }) => recordView(observation, preferences))
    return { removed, missing, dryRun: args.dryRun === true }
  },
}

export const undoUseCase: UseCase<
  { readonly dryRun?: boolean },
  { readonly label: string; readonly undone: boolean }
> = {
  name: 'undo',
  scope: 'read',
  async run(context, args) {
    const vault = context.vault()
    const { label } = args.dryRun ? await vault.rehearse(() => vault.undoLast()) : vault.undoLast()
    return { label, undone: args.dryRun !== true }
  },
}

export interface TagArgs {
  readonly action: 'add' | 'rm' | 'list'
  readonly ids?: readonly string[]
  readonly tag?: string
}

export interface TagView {
  /** The records as they are now. */
  readonly records: readonly RecordView[]
  readonly missing: readonly string[]
  /** Of `list`. */
  readonly tags: readonly { readonly tag: string; readonly count: number }[]
}

/** All records in one change, so that one `undo` takes it back. */
export const tagUseCase: UseCase<TagArgs, TagView> = {
  name: 'tag',
  scope: 'read',
  async run(context, args) {
    if (args.action === 'list') return { records: [], missing: [], tags: countTags(context) }
    const tag = (args.tag ?? '').trim().normalize('NFC')
    if (tag === '' || tag.length > maxTagLength) {
      throw new Failure('VALUE', `a tag has 1 to ${maxTagLength} characters`, {
        hint: 'healthmate tag add holiday ID',
      })
    }
    const ids = args.ids ?? []
    const found = ids.map((id) => ({ id, hit: context.vault().locate(id) }))
    const hits = found.flatMap(({ id, hit }) => (hit ? [{ id, ...hit }] : []))
    if (hits.length === 0) throw notFound(ids[0] ?? '')
    const operations = hits.map(({ ref, observation }): Operation => {
      const tags = new Set(observation.extra.tags ?? [])
      if (args.action === 'add') tags.add(tag)
      else tags.delete(tag)
      return { kind: 'observation', ref, field: 'tags', value: [...tags].sort() }
    })
    context.vault().write({ ...emptyChange, label: `tag ${args.action} ${tag}`, operations })
    const preferences = context.config.unitPreferences()
    const records = hits.flatMap(({ id }) => {
      const after = context.vault().find(id)
      return after ? [recordView(after, preferences)] : []
    })
    return { records, missing: found.filter((one) => !one.hit).map((one) => one.id), tags: [] }
  },
}

function countTags(context: AppContext): TagView['tags'] {
  const counts = new Map<string, number>()
  for (const observation of context.vault().annotated()) {
    for (const tag of observation.extra.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, count]) => ({ tag, count }))
}
