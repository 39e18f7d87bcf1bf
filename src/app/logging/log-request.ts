/**
 * From what a person typed (or a line of NDJSON) to observations: names, units, bounds and times are checked here,
 * before anything is written, with no key and no vault, so that a locked vault refuses the same things.
 */
import { Failure, formatInstant } from '../../foundation/index.ts'
import {
  type AcceptedUnit,
  checkBounds,
  displayUnit,
  findMetric,
  formatValue,
  type Metric,
  metricById,
  parseQuantity,
  resolveUnit,
  resolveUnitWithUcum,
  symptomMetricId,
  toCanonical,
  type UnitPreferences,
} from '../../metrics/index.ts'
import {
  ColumnsBuilder,
  type Extra,
  normaliseSource,
  type ObservationBlock,
  observationFlag,
  type SeriesKey,
} from '../../records/index.ts'

/** One record to add. Times are resolved; the value is as typed. JSON, so that it can cross the agent's socket. */
export interface LogRequest {
  readonly metric: string
  /** `128/82`, `81.4kg`, a number, or `{systolic, diastolic}`. */
  readonly value: string | number | Readonly<Record<string, number>>
  readonly unit?: string
  readonly atMs: number
  readonly endMs?: number
  readonly offsetMin: number
  readonly zone?: string
  readonly note?: string
  readonly tags?: readonly string[]
  readonly context?: string
  readonly source?: string
  /** beats/min, logged beside a blood pressure at the same time. */
  readonly pulse?: number
  /** 0–10 for `log symptom NAME`. */
  readonly severity?: number
  /** The person confirmed a value outside the plausible bounds. */
  readonly confirmed?: boolean
}

/** One observation ready to be written. */
export interface PreparedObservation {
  readonly metric: Metric
  readonly unit: AcceptedUnit
  /** In `unit`. */
  readonly values: readonly number[]
  readonly series: SeriesKey
  readonly startMs: number
  readonly durationMs: number
  readonly offsetMin: number
  readonly flags: number
  readonly extra: Extra
}

const maxNoteLength = 10_000
export const maxTagLength = 100
const maxTags = 50

/**
 * Checks one request and gives the observations it makes (two for a blood pressure with `pulse`).
 *
 * @param key random discriminator, one per call: 16 characters
 * @param nowMs what is later is asked about, as an implausible value is
 * @throws Failure UNKNOWN_METRIC, UNIT, VALUE or DATE, saying what to write instead
 */
export async function prepareObservations(
  request: LogRequest,
  preferences: UnitPreferences,
  key: string,
  nowMs: number,
): Promise<readonly PreparedObservation[]> {
  refuseFuture(request, nowMs)
  const { metric, request: resolved } = resolveMetric(request)
  const main = await prepareOne(metric, resolved, preferences, key)
  if (request.pulse === undefined) return [main]
  if (metric.id !== 'blood_pressure') {
    throw new Failure('USAGE', '--pulse goes with a blood pressure', { hint: 'healthmate log heart_rate 64' })
  }
  const pulse: LogRequest = { ...resolved, value: request.pulse, metric: 'heart_rate', unit: '/min' }
  return [main, await prepareOne(findMetric('heart_rate'), pulse, preferences, key)]
}

/** Clocks differ a little between devices, and somebody may travel west after measuring. */
const futureSlackMs = 26 * 3_600_000
const earliestMs = Date.UTC(1900, 0, 1)

function refuseFuture(request: LogRequest, nowMs: number): void {
  const lastMs = Math.max(request.atMs, request.endMs ?? request.atMs)
  const day = formatInstant(lastMs, request.offsetMin).slice(0, 10)
  if (request.atMs < earliestMs) throw new Failure('DATE', 'the time is before 1900', { hint: 'Check --at.' })
  if (lastMs <= nowMs + futureSlackMs || request.confirmed === true) return
  throw new Failure('DATE', `${day} is in the future`, {
    hint: 'Check the date; if it is right, repeat the command with --yes.',
  })
}

/** `symptom NAME` becomes the symptom's own metric where the catalogue has one, else `symptom` in that context. */
function resolveMetric(request: LogRequest): { metric: Metric; request: LogRequest } {
  if (request.metric !== 'symptom') return { metric: findMetric(request.metric), request }
  const name = String(request.value).trim()
  if (request.severity === undefined) {
    throw new Failure('VALUE', `how strong is "${name.slice(0, 60)}", from 0 (none) to 10 (worst)?`, {
      hint: `healthmate log symptom ${JSON.stringify(name.slice(0, 60))} --severity 6`,
    })
  }
  const id = symptomMetricId(name)
  const known = id === null ? undefined : metricById(id)
  if (known) return { metric: known, request: { ...request, value: request.severity } }
  const context = request.context === undefined ? name : `${name}, ${request.context}`
  return { metric: findMetric('symptom'), request: { ...request, value: request.severity, context } }
}

async function prepareOne(
  metric: Metric,
  request: LogRequest,
  preferences: UnitPreferences,
  key: string,
): Promise<PreparedObservation> {
  const { values, unit } = await readValue(metric, request, preferences)
  const canonical = values.map((value) => toCanonical(metric, unit, value))
  const confirmedFlag = checkedBounds(metric, unit, canonical, request)
  const extra: Extra = {
    key,
    ...(request.note === undefined ? {} : { note: checkedText('note', request.note, maxNoteLength) }),
    ...(request.tags === undefined || request.tags.length === 0 ? {} : { tags: checkedTags(request.tags) }),
    ...(request.context === undefined
      ? {}
      : { context: checkedText('context', request.context, maxTagLength) }),
    ...(request.zone === undefined ? {} : { zone: request.zone }),
  }
  const source =
    request.source === undefined
      ? { device: '', app: 'manual', deviceClass: 'manual' as const }
      : normaliseSource({ name: request.source })
  return {
    metric,
    unit,
    values,
    series: { metric: metric.id, source, unit: unit.ucum },
    startMs: request.atMs,
    durationMs: durationOf(request),
    offsetMin: request.offsetMin,
    flags: observationFlag.manual | confirmedFlag,
    extra,
  }
}

function durationOf(request: LogRequest): number {
  if (request.endMs === undefined) return 0
  if (request.endMs < request.atMs) throw new Failure('DATE', 'the end is before the start')
  return request.endMs - request.atMs
}

async function readValue(
  metric: Metric,
  request: LogRequest,
  preferences: UnitPreferences,
): Promise<{ values: readonly number[]; unit: AcceptedUnit }> {
  const { value } = request
  const given = request.unit === undefined ? null : await resolveAnyUnit(metric, request.unit)
  if (typeof value === 'object') {
    return {
      values: componentValues(metric, value),
      unit: given ?? bareUnit(metric, JSON.stringify(value), preferences),
    }
  }
  const text = String(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Failure('VALUE', 'the value is no number')
  const parsed = await parseAnyQuantity(metric, text)
  if (given && parsed.unit && given.ucum !== parsed.unit.ucum) {
    throw new Failure(
      'UNIT',
      `two units were given: "${text.slice(0, 40)}" and "${request.unit?.slice(0, 40)}"`,
    )
  }
  return { values: parsed.values, unit: parsed.unit ?? given ?? bareUnit(metric, text, preferences) }
}

/** The quick reading first; a unit outside the catalogue's spellings goes to the UCUM library. */
async function parseAnyQuantity(
  metric: Metric,
  text: string,
): Promise<{ values: readonly number[]; unit: AcceptedUnit | null }> {
  try {
    return parseQuantity(metric, text)
  } catch (error) {
    const split = /^([+-]?\d+(?:\.\d+)?)\s*([^\d\s].*)$/.exec(text.trim())
    if (!(error instanceof Failure) || error.code !== 'UNIT' || !split) throw error
    const unit = await resolveUnitWithUcum(metric, split[2] ?? '')
    return { values: [Number(split[1])], unit }
  }
}

async function resolveAnyUnit(metric: Metric, text: string): Promise<AcceptedUnit> {
  try {
    return resolveUnit(metric, text)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'UNIT') throw error
    return resolveUnitWithUcum(metric, text)
  }
}

/** A number without a unit: the unit the person chose for display, the only common one, or a question. */
export function bareUnit(
  metric: Metric,
  text: string,
  preferences: UnitPreferences,
  command = 'log',
): AcceptedUnit {
  const shown = displayUnit(metric, preferences)
  if (!metric.needsUnit || preferences.overrides[metric.id] !== undefined) return shown
  const labels = metric.units.slice(0, 3).map((unit) => unit.label)
  const number = text.slice(0, 20)
  throw new Failure('UNIT', `is ${number} in ${labels.join(' or ')}?`, {
    hint:
      `healthmate ${command} ${metric.id} ${number}${shown.label.replaceAll(' ', '')}, ` +
      `or once and for all: healthmate config set units.${metric.id} ${typedUnit(shown)}`,
  })
}

/** UCUM codes such as [lb_av] mean something to a shell: the label is read as well. */
export function typedUnit(unit: AcceptedUnit): string {
  return /^[\w/%]+$/.test(unit.ucum) ? unit.ucum : unit.label.replaceAll(' ', '')
}

function componentValues(metric: Metric, value: Readonly<Record<string, number>>): readonly number[] {
  const expected = metric.components.map((component) => component.id)
  const unknown = Object.keys(value).filter((name) => !expected.includes(name))
  if (expected.length === 0 || unknown.length > 0) {
    throw new Failure(
      'VALUE',
      `${metric.id} takes ${expected.length === 0 ? 'one number' : expected.join(' and ')}`,
    )
  }
  return expected.map((name) => {
    const number = value[name]
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      throw new Failure('VALUE', `${metric.id} needs the number ${name}`)
    }
    return number
  })
}

/** Refuses the impossible, asks about the implausible; gives the flag of a confirmed value. */
function checkedBounds(
  metric: Metric,
  unit: AcceptedUnit,
  canonical: readonly number[],
  request: LogRequest,
): number {
  const verdict = checkBounds(metric, canonical)
  if (verdict === 'ok') return 0
  refuseWrongOrder(metric, unit, canonical)
  const shown = formatValue(metric, canonical, unit)
  const bounds = `${formatValue({ ...metric, components: [] }, [verdict.low], unit)} to ${formatValue({ ...metric, components: [] }, [verdict.high], unit)}`
  if (verdict.kind === 'impossible') {
    throw new Failure('VALUE', `${metric.name} ${shown} is impossible (outside ${bounds})`, {
      hint: 'Check the number and its unit.',
    })
  }
  if (request.confirmed === true) return observationFlag.confirmed
  throw new Failure('VALUE', `${metric.name} ${shown} is outside the plausible ${bounds}`, {
    hint: 'Check the unit; if the value is right, repeat the command with --yes.',
  })
}

/** 82/128 is 128/82 the wrong way round: bounds would say so only in numbers that nobody typed. */
export function refuseWrongOrder(metric: Metric, unit: AcceptedUnit, canonical: readonly number[]): void {
  const [first = 0, second = 0] = canonical
  if (metric.descending !== true || canonical.length !== 2 || first > second) return
  const names = metric.components.map((component) => component.name.toLowerCase()).join(', then ')
  throw new Failure(
    'VALUE',
    `${metric.name} ${formatValue(metric, canonical, unit)} is impossible: ${names}`,
    {
      hint: `healthmate log ${metric.id} ${second}/${first}`,
    },
  )
}

function checkedText(what: string, text: string, limit: number): string {
  if (text.length > limit) throw new Failure('VALUE', `the ${what} is longer than ${limit} characters`)
  return text.normalize('NFC')
}

function checkedTags(tags: readonly string[]): readonly string[] {
  if (tags.length > maxTags) throw new Failure('VALUE', `more than ${maxTags} tags`)
  return [
    ...new Set(tags.map((tag) => checkedText('tag', tag.trim(), maxTagLength)).filter((tag) => tag !== '')),
  ].sort()
}

/** Prepared observations as blocks, one per series. */
export function blocksOf(prepared: readonly PreparedObservation[]): readonly ObservationBlock[] {
  const bySeries = new Map<string, { series: SeriesKey; builder: ColumnsBuilder }>()
  for (const row of prepared) {
    const { metric, source, unit } = row.series
    const name = JSON.stringify([metric, source, unit])
    const entry = bySeries.get(name) ?? { series: row.series, builder: new ColumnsBuilder(row.values.length) }
    bySeries.set(name, entry)
    entry.builder.append({
      startMs: row.startMs,
      durationMs: row.durationMs,
      offsetMin: row.offsetMin,
      values: row.values,
      flags: row.flags,
      extra: row.extra,
      imports: [],
    })
  }
  return [...bySeries.values()].map(({ series, builder }) => ({ series, columns: builder.finish() }))
}
