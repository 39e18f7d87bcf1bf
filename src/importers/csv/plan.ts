/** From a mapping and the header of a table to the plan by which its rows are read. */
import { Failure } from '../../foundation/index.ts'
import { findMetric, type Metric } from '../../metrics/index.ts'
import { columnAt, type TablePlan, type UnitPlan, type ValuePlan } from '../delimited/table-plan.ts'
import { acceptedUnit } from '../delimited/table-reader.ts'
import type { Intake } from '../intake.ts'
import { durationUnits, type MappedValue, type TableMapping } from './mapping.ts'

/** Names of all columns that a mapping speaks of. */
export function namedColumns(mapping: TableMapping): readonly string[] {
  const { time } = mapping
  return [
    ...time.columns,
    ...(time.end ?? []),
    ...(time.duration ? [time.duration.column] : []),
    ...(time.zoneColumn ? [time.zoneColumn] : []),
    ...mapping.values.flatMap(({ columns = [], metricColumn, unitColumn }) => [
      ...columns,
      ...(metricColumn ? [metricColumn] : []),
      ...(unitColumn ? [unitColumn] : []),
    ]),
    ...(mapping.note ?? []),
    ...(mapping.tags ?? []),
    ...(mapping.context ?? []),
    ...(mapping.keep ?? []),
    ...(mapping.deviceColumn ? [mapping.deviceColumn] : []),
  ]
}

/** Whether a row is the header that the mapping means. */
export function hasColumns(header: readonly string[], mapping: TableMapping): boolean {
  return namedColumns(mapping).every((name) => columnAt(header, name) >= 0)
}

/** The plan. Fails with USAGE where the header lacks a column. */
export function planOf(mapping: TableMapping, header: readonly string[], intake: Intake): TablePlan {
  const at = (name: string): number => {
    const column = columnAt(header, name)
    if (column >= 0) return column
    throw new Failure('USAGE', `the table has no column "${name.slice(0, 60)}"`, {
      hint: `Its columns: ${header
        .map((cell) => cell.trim())
        .join(', ')
        .slice(0, 200)}.`,
    })
  }
  const all = (names: readonly string[] | undefined) => (names ?? []).map(at)
  const { time } = mapping
  return {
    time: {
      start: all(time.columns),
      format: time.format ?? 'text',
      zone: () => intake.zone(time.zone),
      ...(time.end ? { end: all(time.end) } : {}),
      ...(time.duration
        ? { duration: { column: at(time.duration.column), unitMs: durationUnits[time.duration.unit] } }
        : {}),
      ...(time.zoneColumn ? { zoneColumn: at(time.zoneColumn) } : {}),
    },
    values: mapping.values.map((value) => valuePlan(value, at, intake)),
    decimalComma: mapping.decimalComma === true,
    none: new Set(mapping.none ?? []),
    note: all(mapping.note),
    tags: all(mapping.tags),
    context: all(mapping.context),
    meta: (mapping.keep ?? []).map((name) => [name, at(name)] as const),
    app: mapping.source ?? 'CSV',
    device: mapping.deviceColumn ? at(mapping.deviceColumn) : -1,
    width: header.length,
    type: `${mapping.source ?? 'CSV'} row`.slice(0, 60),
  }
}

function valuePlan(value: MappedValue, at: (name: string) => number, intake: Intake): ValuePlan {
  const metric = value.metric === undefined ? undefined : findMetric(value.metric)
  return {
    metric: metric ? { metric } : { column: at(value.metricColumn ?? '') },
    cells: value.interval === true ? 'interval' : (value.columns ?? []).map(at),
    unit: unitPlan(value, metric, at, intake),
    zeroIsNone: value.zeroIsNone === true,
  }
}

function unitPlan(
  value: MappedValue,
  metric: Metric | undefined,
  at: (name: string) => number,
  intake: Intake,
): UnitPlan {
  if (value.unitColumn !== undefined) return { column: at(value.unitColumn) }
  if (!metric) return { column: -1 }
  const text = value.interval === true ? 'min' : (value.unit ?? intake.unit(metric.id) ?? '')
  const unit = acceptedUnit(metric, text)
  return unit
    ? { unit }
    : { question: `${metric.id} has no unit: say it in the mapping or with --unit ${metric.id}=…` }
}
