/** From what a person said about the columns of a table to the mapping that is saved. */
import { metricById } from '../../metrics/index.ts'
import type { ColumnRole, TableGuess } from './guess.ts'
import type { MappedValue, TableMapping } from './mapping.ts'

/** One column as the person decided it. */
export interface ColumnAnswer {
  readonly name: string
  readonly role: ColumnRole
  readonly metric?: string
  readonly component?: number
  readonly unit?: string
}

export interface TableAnswers {
  readonly columns: readonly ColumnAnswer[]
  readonly timeFormat: NonNullable<TableMapping['time']['format']>
  readonly zone?: string
  readonly source?: string
}

/** The mapping. Components of one metric are joined in order; a metric with a missing component is left out. */
export function mappingFrom(guess: TableGuess, answers: TableAnswers): TableMapping {
  const named = (role: ColumnRole) =>
    answers.columns.filter((column) => column.role === role).map(({ name }) => name)
  const end = named('end')
  const lists = { note: named('note'), tags: named('tags'), keep: named('keep') }
  return {
    version: 1,
    delimiter: guess.delimiter,
    ...(guess.decimalComma ? { decimalComma: true } : {}),
    time: {
      columns: named('time'),
      format: answers.timeFormat,
      ...(end.length === 0 ? {} : { end }),
      ...(answers.zone === undefined ? {} : { zone: answers.zone }),
    },
    values: valuesOf(answers.columns),
    ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0)),
    ...(answers.source === undefined ? {} : { source: answers.source }),
  }
}

function valuesOf(columns: readonly ColumnAnswer[]): MappedValue[] {
  const values: MappedValue[] = []
  const joined = new Set<string>()
  for (const { role, metric, name, unit } of columns) {
    if (role !== 'value' || metric === undefined) continue
    const count = metricById(metric)?.components.length ?? 0
    if (count === 0) {
      values.push({ metric, columns: [name], ...(unit === undefined ? {} : { unit }) })
      continue
    }
    if (joined.has(metric)) continue
    joined.add(metric)
    const parts = Array.from({ length: count }, (_, component) =>
      columns.find((one) => one.metric === metric && one.component === component),
    )
    if (parts.some((part) => part === undefined)) continue
    const stated = parts.find((part) => part?.unit !== undefined)?.unit
    values.push({
      metric,
      columns: parts.map((part) => part?.name ?? ''),
      ...(stated === undefined ? {} : { unit: stated }),
    })
  }
  return values
}
