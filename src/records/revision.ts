/**
 * Versions of one result. A laboratory corrects a result under the same order number, a server changes a resource
 * under the same id: both versions are observations of one metric and one time, and both are kept, but only the
 * latest is seen. A row says which result it is, and which version, in its facts (`Extra.meta`).
 *
 * Each kind of source has a name of its own for the result, with the version it gave: a row that two of them state
 * bears both. Versions compare as text: an instant, a version number, the rank of the status. A result
 * without one is a final one of an unknown time.
 *
 * A result that its source withdrew without another in its place has no row that could replace it; that is an entity,
 * a `retraction`, which its import asserts like others.
 */
import { canonicalJson, type EntityFields, stableEntityId } from './assertion.ts'
import type { Extra } from './observation.ts'

/** Which result a row is, and which version of it. */
export interface Revision {
  readonly result: string
  readonly version: string
}

/** Facts that name a result, with the fact that tells its version. */
const versionFacts = {
  /** `Observation/id` of FHIR. */
  resource: 'version',
  /** Order and observation id of HL7 v2. */
  order: 'orderVersion',
  /** `id` of a C-CDA statement. */
  statement: 'statementVersion',
  /** Id of a record in the app that it comes from, where a person or the app may edit it. */
  record: 'recordVersion',
  /** Whose total of the day: the maker's, which a later export may state anew. */
  total: 'totalVersion',
} as const
export type ResultName = keyof typeof versionFacts
const resultNames = Object.keys(versionFacts) as readonly ResultName[]

const totalDigits = 20
const totalDecimals = 4

/**
 * The facts of a day's total that grows until the day is over: of several exports the one that says most is latest.
 * `total`: the value itself; for an average of the day so far, a total beside it, which tells how far the day has come.
 */
export function growingTotalFacts(whose: string, total: number): Record<string, string> {
  const version = total.toFixed(totalDecimals).padStart(totalDigits, '0')
  return revisionFacts('total', { result: whose, version })
}

const instantDigits = 14

/**
 * The extra of a record that its app may edit: with `id`, the record's there, and when it was last changed (ms). Where the
 * source does not tell both, the extra stays as it is. An edit that moves the start makes another observation.
 */
export function withRecordVersion(extra: Extra, id: string, changedMs: number): Extra {
  if (id === '' || !(changedMs > 0)) return extra
  const version = String(Math.round(changedMs)).padStart(instantDigits, '0')
  const facts = revisionFacts('record', { result: id, version })
  return extra.meta === undefined
    ? { meta: facts, ...extra }
    : { ...extra, meta: { ...extra.meta, ...facts } }
}

/** A final result of which the source tells no version. */
const plainVersion = `${'0'.repeat(24)} v${'0'.repeat(9)} 2 final`

/** What a row is a version of; nothing for rows that are no versioned result. */
export function revisionsOf({ meta }: Extra): readonly Revision[] {
  if (meta === undefined) return []
  return resultNames.flatMap((name) => {
    const result = meta[name]
    return result === undefined ? [] : [{ result, version: meta[versionFacts[name]] ?? plainVersion }]
  })
}

/** The facts of a row that say so. */
export function revisionFacts(name: ResultName, { result, version }: Revision): Record<string, string> {
  return { [name]: result, ...(version === '' ? {} : { [versionFacts[name]]: version }) }
}

const rankByStatus: Readonly<Record<string, number>> = {
  registered: 0,
  preliminary: 1,
  partial: 1,
  final: 2,
  amended: 3,
  corrected: 3,
  cancelled: 4,
  'entered-in-error': 4,
}

/**
 * A version as comparable text; undefined where the source says nothing of versions. `updatedMs`: when the source
 * last changed the result; `number`: its version there; `status`: FHIR's ObservationStatus.
 */
export function versionText(
  updatedMs: number | undefined,
  number: string | undefined,
  status: string,
): string | undefined {
  const rank = rankByStatus[status] ?? 2
  const count = number !== undefined && /^\d{1,9}$/.test(number) ? number : ''
  if (updatedMs === undefined && count === '' && rank === 2) return undefined
  const updated = updatedMs === undefined ? '' : new Date(updatedMs).toISOString()
  return `${updated.padStart(24, '0')} v${count.padStart(9, '0')} ${rank} ${status}`
}

/** A result that its source withdrew: entered in error, deleted, cancelled. */
export interface Retraction extends Revision {
  readonly metric: string
  readonly startMs: number
  readonly status: string
}

/** The retraction as an entity's id and fields. */
export function retractionEntity(retraction: Retraction): {
  readonly id: string
  readonly fields: EntityFields
} {
  const { result, metric, startMs, version, status } = retraction
  return {
    id: stableEntityId('retraction', retractionKey(retraction)),
    fields: { result, metric, startMs, version, status },
  }
}

/** What a retraction is about, as one text. */
export function retractionKey({
  result,
  metric,
  startMs,
}: Pick<Retraction, 'result' | 'metric' | 'startMs'>): string {
  return canonicalJson([metric, startMs, result])
}

/** The retraction that an entity's fields state; undefined where they are malformed. */
export function retractionOf(fields: EntityFields): Retraction | undefined {
  const { result, metric, startMs, version, status } = fields
  if (typeof result !== 'string' || typeof metric !== 'string' || typeof startMs !== 'number')
    return undefined
  return {
    result,
    metric,
    startMs,
    version: typeof version === 'string' ? version : '',
    status: typeof status === 'string' ? status : '',
  }
}
