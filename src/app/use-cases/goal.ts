/** `goal`: a target for a metric. One goal per metric: setting it again replaces it. */
import { Failure, formatDay } from '../../foundation/index.ts'
import {
  displayUnit,
  findMetric,
  formatValue,
  type Metric,
  parseQuantity,
  shownNumber,
  toCanonical,
} from '../../metrics/index.ts'
import type { Entity } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import { removeEntity, writeFields } from '../entity-fields.ts'
import { bareUnit } from '../logging/log-request.ts'
import { recordView, type ValueView, valueView } from '../record-view.ts'
import type { UseCase } from '../use-case.ts'

export type GoalDirection = 'below' | 'above' | 'near'

export interface GoalArgs {
  readonly action: 'set' | 'list' | 'rm'
  readonly metric?: string
  /** As typed, with its unit. */
  readonly target?: string
  /** Which side is good; by default the side that the latest value is not on. */
  readonly direction?: GoalDirection
  readonly byDay?: number
  readonly note?: string
}

export interface GoalView {
  readonly metric: string
  readonly name: string
  readonly direction: GoalDirection
  readonly target: ValueView
  /** UCUM. */
  readonly unit: string
  /** `below 78 kg by 2026-09-01`. */
  readonly text: string
  readonly by: string | null
  readonly note: string | null
  readonly latest: { readonly at: string; readonly text: string; readonly reached: boolean } | null
}

export const goalUseCase: UseCase<GoalArgs, { readonly goals: readonly GoalView[]; readonly count: number }> =
  {
    name: 'goal',
    scope: 'read',
    async run(context, args) {
      if (args.action === 'set') setGoal(context, args)
      if (args.action === 'rm') {
        removeEntity(context, 'goal', findMetric(args.metric ?? '').id, 'healthmate goal list')
      }
      const goals = context
        .vault()
        .entities('goal')
        .map((entity) => goalView(context, entity))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      return { goals, count: goals.length }
    },
  }

/** The target is stored in the canonical unit. */
function setGoal(context: AppContext, args: GoalArgs): void {
  const metric = findMetric(args.metric ?? '')
  const { values, unit } = parseQuantity(metric, args.target ?? '')
  const read = unit ?? bareUnit(metric, args.target ?? '', context.config.unitPreferences(), 'goal set')
  const target = values.map((value) => toCanonical(metric, read, value))
  writeFields(context, 'goal', metric.id, `goal for ${metric.id}`, {
    metric: metric.id,
    direction: args.direction ?? openDirection(context, metric.id, target),
    target,
    byDay: args.byDay ?? null,
    note: args.note ?? null,
  })
}

/** Someone above the target wants to get below it, and the other way round. */
function openDirection(context: AppContext, metric: string, target: readonly number[]): GoalDirection {
  const [latest] = context.vault().latest({ metric }, 1)
  if (latest) return (latest.values[0] ?? 0) < (target[0] ?? 0) ? 'above' : 'below'
  throw new Failure('USAGE', 'should the value be below, above or near the target?', {
    hint: `healthmate goal set ${metric} … --direction below`,
  })
}

function goalView(context: AppContext, entity: Entity): GoalView {
  const { fields } = entity
  const metric = findMetric(String(fields['metric']))
  const direction = String(fields['direction']) as GoalDirection
  const target = fields['target'] as readonly number[]
  const unit = displayUnit(metric, context.config.unitPreferences())
  const by = typeof fields['byDay'] === 'number' ? formatDay(fields['byDay']) : null
  return {
    metric: metric.id,
    name: metric.name,
    direction,
    target: valueView(
      metric,
      target.map((value) => shownNumber(metric, unit, value)),
    ),
    unit: unit.ucum,
    text: `${direction} ${formatValue(metric, target, unit)}${by === null ? '' : ` by ${by}`}`,
    by,
    note: typeof fields['note'] === 'string' ? fields['note'] : null,
    latest: latestStanding(context, metric, { direction, target }),
  }
}

/** `near` is reached within 2 % of the target: half of what most home devices resolve would be noise. */
const nearShare = 0.02

function latestStanding(
  context: AppContext,
  metric: Metric,
  goal: { readonly direction: GoalDirection; readonly target: readonly number[] },
): GoalView['latest'] {
  const [latest] = context.vault().latest({ metric: metric.id }, 1)
  if (!latest) return null
  const reached = goal.target.every((bound, index) => {
    const value = latest.values[index] ?? Number.NaN
    if (goal.direction === 'below') return value <= bound
    if (goal.direction === 'above') return value >= bound
    return Math.abs(value - bound) <= Math.abs(bound) * nearShare
  })
  const view = recordView(latest, context.config.unitPreferences())
  return { at: view.at, text: view.text, reached }
}
