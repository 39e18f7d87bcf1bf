/**
 * Tables of OMRON connect. Their headers name the units (`SYS(mmHg)`, `Weight(kg)`); a row names its zone, except in the
 * layout of the United States. A file may hold further tables behind blank lines, each with a header of its own.
 */

import { metricById } from '../../metrics/index.ts'
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { columnAt, columnsOf, type TablePlan, type ValuePlan } from '../delimited/table-plan.ts'
import { acceptedUnit, TableReader } from '../delimited/table-reader.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { askedValue, knownValue } from '../known-column.ts'
import { memberLabel } from '../member-chunks.ts'

const app = 'OMRON connect'
const none = new Set(['-', '--', 'N/A'])

/** Header text before its unit → metric and the unit where the header names none. */
const singles: readonly (readonly [RegExp, string, string])[] = [
  [/^pulse\b/i, 'heart_rate', '/min'],
  [/^weight\b/i, 'weight', ''],
  [/^body fat\b/i, 'body_fat', '%'],
  [/^visceral fat\b/i, 'visceral_fat_rating', '{score}'],
  [/^resting metabolism\b/i, 'basal_metabolic_rate', 'kcal/d'],
  [/^bmi\b/i, 'bmi', 'kg/m2'],
  [/^body age\b/i, 'metabolic_age', 'a'],
]
const systolic = /^(?:sys|systolic)\b/i
const diastolic = /^(?:dia|diastolic)\b/i
const international = /^measurement date$/i

export function isOmronHeader(cells: readonly string[]): boolean {
  const first = (cells[0] ?? '').trim()
  if (international.test(first)) return columnAt(cells, /^time ?zone$/i) >= 0
  return /^date$/i.test(first) && columnAt(cells, /^truread$/i) >= 0 && columnAt(cells, systolic) >= 0
}

/** Whether a row begins another table: words throughout, the first of them a date. */
function isHeader(cells: readonly string[]): boolean {
  return /^(?:measurement )?date$/i.test((cells[0] ?? '').trim()) && cells.length > 1
}

export async function readOmron(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let table: TableReader | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (isHeader(cells)) {
      table?.end()
      table = new TableReader(intake, planOf(cells, intake))
    } else {
      table?.take(cells, { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) })
    }
  })
  if (!intake.interrupted) table?.end()
}

function planOf(header: readonly string[], intake: Intake): TablePlan {
  const date = columnAt(header, international)
  const start =
    date >= 0 ? [date] : [columnAt(header, 'date'), columnAt(header, 'time')].filter((at) => at >= 0)
  const zoneColumn = columnAt(header, /^time ?zone$/i)
  const values = valuesOf(header, intake)
  const device = columnAt(header, 'device')
  const note = [columnAt(header, 'notes')].filter((at) => at >= 0)
  const taken = new Set([...start, zoneColumn, device, ...note, ...columnsOf(values)])
  return {
    time: { start, format: 'text', zone: () => intake.zone(), ...(zoneColumn < 0 ? {} : { zoneColumn }) },
    values,
    decimalComma: false,
    none,
    note,
    tags: [],
    context: [],
    meta: header.flatMap((name, column) =>
      taken.has(column) || name === '' ? [] : [[name.trim(), column] as const],
    ),
    app,
    device,
    width: header.length,
    type: 'OMRON row',
  }
}

function valuesOf(header: readonly string[], intake: Intake): ValuePlan[] {
  const values: ValuePlan[] = []
  const upper = columnAt(header, systolic)
  const lower = columnAt(header, diastolic)
  if (upper >= 0 && lower >= 0) {
    const unit = /kpa/i.test(header[upper] as string) ? 'kPa' : 'mm[Hg]'
    values.push(knownValue('blood_pressure', unit, [upper, lower]))
  }
  for (const [pattern, metricId, otherwise] of singles) {
    const column = columnAt(header, pattern)
    if (column < 0) continue
    const named = /\(([^)]*)\)\s*$/.exec((header[column] as string).trim())?.[1] ?? ''
    const metric = metricById(metricId)
    const unit = (metric && named !== '' && acceptedUnit(metric, named)?.ucum) || otherwise
    values.push(unit === '' ? askedValue(intake, metricId, [column]) : knownValue(metricId, unit, [column]))
  }
  return values
}
