/** `log`: adds observations. Works on a locked vault by sealing them into the inbox. */
import { categoryOf } from '../../clinical/index.ts'
import { bytesToHex, Failure, formatInstant, startDay } from '../../foundation/index.ts'
import { displayUnit, formatValue, shownNumber, toCanonical } from '../../metrics/index.ts'
import { type Change, emptyChange, observationId, refOf } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import {
  blocksOf,
  type LogRequest,
  type PreparedObservation,
  prepareObservations,
} from '../logging/log-request.ts'
import { shownName, type ValueView, valueView } from '../record-view.ts'
import type { UseCase } from '../use-case.ts'

export interface LogArgs {
  readonly requests: readonly LogRequest[]
  /** Place of each request for refusals: `line 3`; absent for a single request, which then fails as a whole. */
  readonly places?: readonly string[]
  readonly dryRun?: boolean
}

export interface LoggedView {
  readonly id: string
  readonly metric: string
  readonly name: string
  readonly at: string
  readonly value: ValueView
  readonly unit: string
  readonly text: string
  /** By a published cut-point, with its source; `null` where none applies. */
  readonly category: {
    readonly label: string
    readonly urgent: string | null
    readonly source: string
  } | null
  /** Mean of the last seven local days, this one included; `null` while locked or below two days. */
  readonly weekMean: { readonly text: string; readonly value: ValueView; readonly days: number } | null
}

export interface LogView {
  /** The vault was locked: the records lie sealed in the inbox and merge at the next unlock. */
  readonly sealed: boolean
  readonly dryRun: boolean
  readonly logged: readonly LoggedView[]
  readonly refusals: readonly {
    readonly where: string
    readonly reason: string
    readonly hint: string | null
    readonly raw: string
  }[]
}

/** Below this, the inbox would hold many entries; above, an entry would pass its size limit. */
const rowsPerInboxEntry = 500

export const logUseCase: UseCase<LogArgs, LogView> = {
  name: 'log',
  scope: 'append',
  async run(context, args) {
    const prepared: PreparedObservation[] = []
    const refusals: LogView['refusals'][number][] = []
    for (const [index, request] of args.requests.entries()) {
      const where = args.places?.[index]
      try {
        prepared.push(
          ...(await prepareObservations(
            request,
            context.config.unitPreferences(),
            randomKey(context),
            context.clock.nowMs(),
          )),
        )
      } catch (error) {
        if (where === undefined || !(error instanceof Failure)) throw error
        refusals.push({
          where,
          reason: error.message,
          hint: error.hint ?? null,
          raw: JSON.stringify(request.value).slice(0, 200),
        })
      }
    }
    const dryRun = args.dryRun === true
    if (prepared.length > 0 && !dryRun) save(context, prepared)
    const logged: LoggedView[] = []
    for (const row of prepared) logged.push(await loggedView(context, row))
    return { sealed: !context.unlocked, dryRun, logged, refusals }
  },
}

function randomKey(context: AppContext): string {
  return bytesToHex(context.random.bytes(8))
}

function save(context: AppContext, prepared: readonly PreparedObservation[]): void {
  if (context.unlocked) {
    context.vault().write(changeOf(prepared))
    return
  }
  for (let start = 0; start < prepared.length; start += rowsPerInboxEntry) {
    context.locked().appendToInbox(changeOf(prepared.slice(start, start + rowsPerInboxEntry)))
  }
}

function changeOf(prepared: readonly PreparedObservation[]): Change {
  const metrics = [...new Set(prepared.map((row) => row.metric.id))]
  return { ...emptyChange, label: `log ${metrics.slice(0, 3).join(', ')}`, blocks: blocksOf(prepared) }
}

async function loggedView(context: AppContext, row: PreparedObservation): Promise<LoggedView> {
  const preferences = context.config.unitPreferences()
  const canonical = row.values.map((value) => toCanonical(row.metric, row.unit, value))
  const category = categoryOf(row.metric.id, canonical, row.extra.context, context.config.region())
  return {
    id: observationId(refOf({ series: row.series, columns: onlyColumn(row) }, 0)),
    metric: row.metric.id,
    name: shownName(row.metric, row.extra.context),
    at: formatInstant(row.startMs, row.offsetMin),
    value: valueView(row.metric, row.values),
    unit: row.unit.ucum,
    text: formatValue(row.metric, canonical, displayUnit(row.metric, preferences)),
    category: category
      ? { label: category.label, urgent: category.urgent ?? null, source: category.citation.text }
      : null,
    weekMean: context.unlocked ? await weekMean(context, row) : null,
  }
}

function onlyColumn(row: PreparedObservation) {
  const [block] = blocksOf([row])
  if (!block) throw new Failure('INTERNAL', 'an observation without a block')
  return block.columns
}

/** Mean of the daily values over the seven local days that end with the observation's day. */
async function weekMean(context: AppContext, row: PreparedObservation): Promise<LoggedView['weekMean']> {
  // Loaded only for an unlocked vault: sealing must start at once.
  const { dailyValues } = await import('../../insight/index.ts')
  const { metric } = row
  const day = startDay(row.startMs, row.durationMs, row.offsetMin, context.config.dayStartMin())
  const resolved = context.vault().resolvedDays(metric.id, day - 6, day)
  const days = resolved.components[0]?.length ?? 0
  if (days < 2) return null
  const means = resolved.components.map((rollup) => {
    const { value } = dailyValues(rollup, metric.combine)
    return value.reduce((sum, one) => sum + one, 0) / value.length
  })
  const unit = displayUnit(metric, context.config.unitPreferences())
  return {
    text: formatValue(metric, means, unit),
    value: valueView(
      metric,
      means.map((mean) => shownNumber(metric, unit, mean)),
    ),
    days,
  }
}
