/** `experiment`: comparisons of one person with themselves, planned before the first value counts. */
import { Failure, formatDay, localDay } from '../../foundation/index.ts'
import {
  type Arm,
  blocksOf,
  type ExpectedDirection,
  type ExperimentDesign,
  type ExperimentPlan,
  type ExperimentReport,
  endDayOf,
  planExperiment,
  reportExperiment,
} from '../../insight/index.ts'
import { displayUnit, findMetric, type Metric } from '../../metrics/index.ts'
import type { Entity } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { dailyValues, dayOf, numberFormat } from '../daily.ts'
import { removeEntity, writeFields } from '../entity-fields.ts'
import type { UseCase } from '../use-case.ts'

export interface ExperimentArgs {
  readonly action: 'start' | 'stop' | 'report' | 'list' | 'rm'
  readonly name?: string
  /** Metric, or metric and component: `weight`, `bp.systolic`. */
  readonly outcome?: string
  readonly design?: ExperimentDesign
  readonly expected?: ExpectedDirection
  readonly blockDays?: number
  readonly washoutDays?: number
  readonly cycles?: number
  /** Local day; today when left out. */
  readonly startDay?: number
  readonly note?: string
}

export interface ExperimentView {
  readonly name: string
  /** `blood_pressure.systolic`. */
  readonly outcome: string
  /** UCUM of all numbers. */
  readonly unit: string
  readonly design: ExperimentDesign
  readonly expected: ExpectedDirection
  readonly planned: string
  readonly start: string
  readonly end: string
  readonly blocks: readonly { readonly arm: Arm; readonly from: string; readonly to: string }[]
  readonly note: string | null
  readonly report: ExperimentReport
}

export interface ExperimentsView {
  readonly experiments: readonly ExperimentView[]
  readonly count: number
}

const defaultDays = { 'before-after': 28, alternating: 7 } as const
const defaultCycles = 4

export const experimentUseCase: UseCase<ExperimentArgs, ExperimentsView> = {
  name: 'experiment',
  scope: 'read',
  async run(context, args) {
    if (args.action === 'start') start(context, args)
    if (args.action === 'stop') stop(context, args.name ?? '')
    if (args.action === 'rm')
      removeEntity(context, 'experiment', idOf(args.name ?? ''), 'healthmate experiment list')
    const isOne = args.name !== undefined && args.action !== 'rm'
    const entities = isOne ? [named(context, args.name ?? '')] : context.vault().entities('experiment')
    const experiments = entities
      .map((entity) => experimentView(context, entity))
      .sort((a, b) => (a.start < b.start ? -1 : 1))
    return { experiments, count: experiments.length }
  },
}

/** A name is its own id: lower-case letters, digits and hyphens. */
function idOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
}

function named(context: AppContext, name: string): Entity {
  const found = context.vault().entity('experiment', idOf(name))
  if (found) return found
  throw new Failure('NOT_FOUND', `there is no experiment "${name.slice(0, 60)}"`, {
    hint: 'healthmate experiment list',
  })
}

/** What was planned is never changed: another plan is another experiment. */
function start(context: AppContext, args: ExperimentArgs): void {
  const name = (args.name ?? '').trim()
  const id = idOf(name)
  if (id === '') throw new Failure('USAGE', 'an experiment needs a name', { hint: startHint })
  if (context.vault().entity('experiment', id)) {
    throw new Failure(
      'USAGE',
      `there is an experiment "${name.slice(0, 60)}" already, and a plan is not changed`,
      {
        hint: `Choose another name, or healthmate experiment rm ${id}`,
      },
    )
  }
  const { metric, component } = outcomeOf(args.outcome ?? '')
  const design = args.design ?? 'before-after'
  const today = dayOf(context, context.clock.nowMs())
  if (design === 'alternating' && (args.startDay ?? today) < today) {
    throw new Failure('USAGE', 'blocks that are drawn by lot today cannot begin in the past', {
      hint: 'Leave --from out, or take --design before-after to look back.',
    })
  }
  const plan = planExperiment(
    {
      design,
      startDay: args.startDay ?? today,
      blockDays: args.blockDays ?? defaultDays[design],
      washoutDays: args.washoutDays ?? 0,
      cycles: args.cycles ?? defaultCycles,
    },
    context.random.bytes(args.cycles ?? defaultCycles),
  )
  writeFields(context, 'experiment', id, `start experiment ${id}`, {
    name,
    metric: metric.id,
    component,
    expected: args.expected ?? 'either',
    design: plan.design,
    startDay: plan.startDay,
    blockDays: plan.blockDays,
    washoutDays: plan.washoutDays,
    order: [...plan.order],
    plannedDay: today,
    stoppedDay: null,
    note: args.note ?? null,
  })
}

const startHint = 'healthmate experiment start "no coffee" --outcome resting_heart_rate --expect lower'

/** The outcome is one number a day, so of several components one must be named. */
function outcomeOf(text: string): { metric: Metric; component: string } {
  if (text === '') throw new Failure('USAGE', 'an experiment needs its outcome', { hint: startHint })
  const [name = '', component = ''] = text.split('.', 2)
  const metric = findMetric(name)
  const ids = metric.components.map(({ id }) => id)
  const isKnown = ids.length === 0 ? component === '' : ids.includes(component)
  if (isKnown) return { metric, component }
  const hint =
    ids.length === 0
      ? `--outcome ${metric.id}`
      : `--outcome ${ids.map((id) => `${metric.id}.${id}`).join(' or ')}`
  throw new Failure('USAGE', `the outcome of an experiment is one number; which of ${metric.name}?`, { hint })
}

function stop(context: AppContext, name: string): void {
  const entity = named(context, name)
  if (typeof entity.fields['stoppedDay'] === 'number') return
  const stoppedDay = dayOf(context, context.clock.nowMs()) - 1
  writeFields(context, 'experiment', entity.id, `stop experiment ${entity.id}`, { stoppedDay })
}

function experimentView(context: AppContext, { fields, createdMs }: Entity): ExperimentView {
  const plan = planOf(fields)
  const metric = findMetric(String(fields['metric']))
  const component = String(fields['component'] ?? '')
  const unit = displayUnit(metric, context.config.unitPreferences())
  const blocks = blocksOf(plan)
  const range = { fromDay: blocks[0]?.fromDay ?? plan.startDay, toDay: endDayOf(plan) }
  const series = dailyValues(context, metric, range).find((one) => one.component === component)
  const expected = String(fields['expected']) as ExpectedDirection
  const plannedDay = numberOr(fields['plannedDay'], localDay(createdMs, 0))
  const report = reportExperiment(
    plan,
    series ?? { day: new Int32Array(0), value: new Float64Array(0) },
    {
      outcome: component === '' ? metric.name : `${metric.name}, ${component}`,
      metric: metric.id,
      unit: unit.ucum,
      format: numberFormat(metric, unit),
      expected,
      plannedDay,
      stoppedDay: typeof fields['stoppedDay'] === 'number' ? fields['stoppedDay'] : null,
    },
    dayOf(context, context.clock.nowMs()),
  )
  return {
    name: String(fields['name']),
    outcome: component === '' ? metric.id : `${metric.id}.${component}`,
    unit: unit.ucum,
    design: plan.design,
    expected,
    planned: formatDay(plannedDay),
    start: formatDay(plan.startDay),
    end: formatDay(endDayOf(plan)),
    blocks: blocks.map(({ arm, fromDay, toDay }) => ({
      arm,
      from: formatDay(fromDay),
      to: formatDay(toDay),
    })),
    note: typeof fields['note'] === 'string' ? fields['note'] : null,
    report,
  }
}

function planOf(fields: Entity['fields']): ExperimentPlan {
  const order = Array.isArray(fields['order']) ? fields['order'] : []
  return {
    design: String(fields['design']) as ExperimentDesign,
    startDay: numberOr(fields['startDay'], 0),
    blockDays: numberOr(fields['blockDays'], 7),
    washoutDays: numberOr(fields['washoutDays'], 0),
    order: order.map((arm) => (arm === 'B' ? 'B' : 'A')),
  }
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}
