/**
 * Finding a metric by id, alias, name or LOINC code. The indexes grow with the questions, so that a command pays for
 * the part of the catalogue that it needs.
 */
import { editDistance, Failure } from '../foundation/index.ts'
import { metricGroups, metrics } from './catalogue/all.ts'
import type { CollectionName, Metric } from './types.ts'

/** What a LOINC code names: the metric and, for a part of a panel, the component (its place in `values`). */
export interface LoincMatch {
  readonly metric: Metric
  readonly component: number | null
}

const byId = new Map<string, Metric>()
const byName = new Map<string, Metric>()
const byLoinc = new Map<string, LoincMatch>()
let indexedGroups = 0

/**
 * Asks the indexes, and while they do not know, indexes one group of the catalogue more. Ids, aliases and codes are
 * unique over the whole catalogue (a test holds them so), so the first answer is the only one.
 */
function lookUp<T>(ask: () => T | undefined): T | undefined {
  for (;;) {
    const answer = ask()
    const next = metricGroups[indexedGroups]
    if (answer !== undefined || !next) return answer
    indexedGroups++
    for (const metric of next()) indexMetric(metric)
  }
}

function indexMetric(metric: Metric): void {
  byId.set(metric.id, metric)
  for (const name of [metric.id, ...metric.aliases]) byName.set(nameKey(name), metric)
  const codes = [metric.loinc, ...(metric.loincAlternatives ?? []).map((alternative) => alternative.code)]
  for (const code of codes) if (code !== null) byLoinc.set(code, { metric, component: null })
  metric.components.forEach(({ loinc }, component) => {
    if (loinc !== null) byLoinc.set(loinc, { metric, component })
  })
}

/** Names are compared without case, blanks, hyphens and underscores: `Blood-Pressure` is `blood_pressure`. */
export function nameKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}%+]+/gu, '')
}

/** The metric with exactly this id, or undefined. */
export function metricById(id: string): Metric | undefined {
  return lookUp(() => byId.get(id))
}

/** The metric (and component) that a LOINC code names, or undefined. */
export function findByLoinc(code: string): LoincMatch | undefined {
  const trimmed = code.trim()
  return lookUp(() => byLoinc.get(trimmed))
}

/**
 * The metric with this id, alias, name or LOINC code (a component's code finds its metric).
 *
 * @throws Failure UNKNOWN_METRIC naming the nearest metrics
 */
export function findMetric(nameOrAliasOrLoinc: string): Metric {
  const key = nameKey(nameOrAliasOrLoinc)
  const code = nameOrAliasOrLoinc.trim()
  // A display name is asked last: it never shadows an id or an alias.
  const found =
    lookUp(() => byName.get(key) ?? byLoinc.get(code)?.metric) ??
    metrics.find((metric) => nameKey(metric.name) === key)
  if (found) return found
  const nearest = suggestMetrics(nameOrAliasOrLoinc, 3).map((metric) => metric.id)
  throw new Failure('UNKNOWN_METRIC', `there is no metric "${printable(nameOrAliasOrLoinc)}"`, {
    hint: nearest.length > 0 ? `Did you mean ${nearest.join(', ')}?` : 'healthmate metrics',
  })
}

/** Typed text as it may stand in a message: without control and direction characters, at most 60 characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, 60)
}

/**
 * The collection whose key seals this metric.
 *
 * @throws Failure UNKNOWN_METRIC
 */
export function collectionOf(metricId: string): CollectionName {
  const metric = metricById(metricId)
  return (metric ?? findMetric(metricId)).collection
}

/** At most `limit` metrics whose id, alias or name is near to the text, nearest first. */
export function suggestMetrics(text: string, limit: number): readonly Metric[] {
  const wanted = nameKey(text).slice(0, 40)
  if (wanted === '') return []
  const farthest = Math.max(2, wanted.length / 3)
  const scored: { metric: Metric; distance: number }[] = []
  for (const metric of metrics) {
    let distance = Number.POSITIVE_INFINITY
    for (const name of [metric.id, ...metric.aliases, metric.name]) {
      distance = Math.min(distance, nameDistance(wanted, nameKey(name), farthest))
    }
    if (distance <= farthest) scored.push({ metric, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.metric.id < b.metric.id ? -1 : 1))
  return scored.slice(0, limit).map(({ metric }) => metric)
}

/** Contained texts count as near, the nearer the more of the name they cover; others by edit distance. */
function nameDistance(wanted: string, name: string, farthest: number): number {
  if (name.startsWith(wanted)) return wanted.length < 2 ? 2 : 1 - wanted.length / name.length
  if (wanted.length >= 3 && name.includes(wanted)) return 2 - wanted.length / name.length
  if (name.length >= 4 && wanted.includes(name)) return 2 - name.length / wanted.length
  const tooFar = Math.abs(wanted.length - name.length) > farthest
  return tooFar ? Number.POSITIVE_INFINITY : editDistance(wanted, name)
}

/**
 * The metric id of a symptom by its name (`headache`, `Stomach ache`), or null where the catalogue has none: then it
 * is logged under `symptom` with the name as context.
 */
export function symptomMetricId(name: string): string | null {
  const key = nameKey(name)
  const symptomKey = `symptom${key.replace(/^symptom/, '')}`
  const metric = lookUp(() => byName.get(symptomKey))
  return metric?.category === 'symptoms' && metric.id !== 'symptom' ? metric.id : null
}

/** The LOINC code that fits a value in this unit: mass and molar concentrations have codes of their own. */
export function loincFor(metric: Metric, ucum: string): string | null {
  const alternative = metric.loincAlternatives?.find(({ unit }) => unit === ucum)
  return alternative?.code ?? metric.loinc
}
