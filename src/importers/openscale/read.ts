/**
 * Columns of openScale.
 *
 * Versions 1 and 2 (`dateTime,weight,fat,…`) keep kilograms, centimetres and percent whatever the app shows
 * (ScaleMeasurement.java: the views convert), and write 0 for what was not measured. Version 3 (`DATE,TIME,WEIGHT,…`)
 * writes numbers in the unit that each type has in the app, and the file does not say which: weights, girths and the
 * shares of the body are asked for.
 */
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import { columnAt, columnsOf, type TablePlan, type ValuePlan } from '../delimited/table-plan.ts'
import { TableReader } from '../delimited/table-reader.ts'
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { askedValue, knownValue } from '../known-column.ts'
import { memberLabel } from '../member-chunks.ts'
import { earlyColumns } from './columns.ts'

const app = 'openScale'

/** Column of version 3 → metric and unit; '' where the app lets the person choose. */
const late: Readonly<Record<string, readonly [string, string]>> = {
  weight: ['weight', ''],
  bmi: ['bmi', 'kg/m2'],
  lbm: ['lean_mass', ''],
  bone: ['bone_mass', ''],
  waist: ['waist', ''],
  hips: ['hip', ''],
  neck: ['neck', ''],
  visceral_fat: ['visceral_fat_rating', '{score}'],
  bmr: ['basal_metabolic_rate', 'kcal/d'],
  heart_rate: ['heart_rate', '/min'],
}

/** Column of version 3 that is a share or a mass, by choice: metric of the share, metric of the mass. */
const shareOrMass: Readonly<Record<string, readonly [string, string]>> = {
  body_fat: ['body_fat', 'fat_mass'],
  water: ['body_water', 'body_water_mass'],
}

export function isOpenScaleHeader(cells: readonly string[]): boolean {
  if (columnAt(cells, 'weight') < 0) return false
  const names = cells.map((cell) => cell.trim())
  if (names.includes('dateTime')) return columnAt(cells, 'fat') >= 0 || columnAt(cells, 'comment') >= 0
  return names.includes('DATE') && names.includes('TIME') && names.includes('WEIGHT')
}

export async function readOpenScale(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  const label = memberLabel(member.name)
  let table: TableReader | undefined
  await readRows(member, intake, totalBytes, (cells, line, delimiter) => {
    if (table) {
      table.take(cells, { where: () => `${label}:${line}`, raw: () => rowText(cells, delimiter) })
    } else if (isOpenScaleHeader(cells)) table = new TableReader(intake, planOf(cells, intake))
  })
  if (!intake.interrupted) table?.end()
}

function planOf(header: readonly string[], intake: Intake): TablePlan {
  const dateTime = columnAt(header, 'dateTime')
  const isEarly = dateTime >= 0
  const start = isEarly ? [dateTime] : [columnAt(header, 'date'), columnAt(header, 'time')]
  const values = header.flatMap((name, column) =>
    isEarly ? earlyValue(name, column) : lateValue(name, column, intake),
  )
  const note = [columnAt(header, 'comment')].filter((at) => at >= 0)
  const taken = new Set([...start, ...note, ...columnsOf(values)])
  return {
    time: { start, format: isEarly ? 'day-first' : 'text', zone: () => intake.zone() },
    values,
    decimalComma: false,
    none: new Set(isEarly ? ['0.0'] : []),
    note,
    tags: [],
    context: [],
    meta: header.flatMap((name, column) =>
      taken.has(column) || name === '' ? [] : [[name.trim(), column] as const],
    ),
    app,
    device: -1,
    width: header.length,
    type: 'openScale row',
  }
}

function earlyValue(name: string, column: number): ValuePlan[] {
  const key = name.trim().toLowerCase()
  const known = Object.hasOwn(earlyColumns, key) ? earlyColumns[key] : undefined
  return known ? [knownValue(known[0], known[1], [column], true)] : []
}

function lateValue(name: string, column: number, intake: Intake): ValuePlan[] {
  const key = name.trim().toLowerCase()
  const choice = Object.hasOwn(shareOrMass, key) ? shareOrMass[key] : undefined
  if (choice) {
    const [share, mass] = choice
    const question = `is ${share} a share or a mass? Say --unit ${share}=% or --unit ${mass}=kg`
    return [askedValue(intake, intake.unit(mass) === undefined ? share : mass, [column], question)]
  }
  // A share of muscle has no metric; a mass has.
  if (key === 'muscle') {
    return intake.unit('muscle_mass') === undefined ? [] : [askedValue(intake, 'muscle_mass', [column])]
  }
  const known = Object.hasOwn(late, key) ? late[key] : undefined
  if (!known) return []
  return [known[1] === '' ? askedValue(intake, known[0], [column]) : knownValue(known[0], known[1], [column])]
}
