/**
 * The database of a Health Connect export into the intake. Every row of a record table and every sample of a series is
 * a source record; of a nutrition record, each nutrient. Instants are UTC in ms, offsets seconds of their own.
 */
import type { InputMember } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { memberLabel } from '../member-chunks.ts'
import { type ExportDatabase, readDatabase } from '../sqlite-copy.ts'
import { stops } from '../whole-member.ts'
import { MedicalRecords } from './medical.ts'
import { priorityNotes } from './priority.ts'
import { RecordRows } from './records.ts'
import { ExerciseRows, SleepRows } from './sessions-and-sleep.ts'
import {
  administration,
  exerciseTable,
  medicalTable,
  recordPlans,
  seriesPlans,
  sessionParts,
  sleepTable,
  stageTable,
} from './tables.ts'

const rowsBetweenLooks = 4096

export async function readExport(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
): Promise<void> {
  await readDatabase(member, intake, totalBytes, async (database) => {
    const label = memberLabel(member.name)
    if (!database.tables.some((table) => table in recordPlans)) {
      const reason = 'it has no record tables of Health Connect'
      intake.complain({ where: label, reason, raw: '', code: 'REFUSED_INPUT' })
      return
    }
    await new ExportReader(database, intake).tables()
  })
}

class ExportReader {
  readonly #database: ExportDatabase
  readonly #intake: Intake
  readonly #records: RecordRows
  readonly #sleep: SleepRows
  readonly #exercise: ExerciseRows

  constructor(database: ExportDatabase, intake: Intake) {
    this.#database = database
    this.#intake = intake
    this.#records = new RecordRows(database, intake)
    this.#sleep = new SleepRows(database, this.#records)
    this.#exercise = new ExerciseRows(database, intake, this.#records)
  }

  async tables(): Promise<void> {
    const { tables } = this.#database
    const parents = new Set(Object.values(seriesPlans).map(({ parent }) => parent))
    for (const table of tables) {
      if (administration.has(table) || parents.has(table)) continue
      if (table === medicalTable) await new MedicalRecords(this.#database, this.#intake).read()
      else if (!this.#each(this.#rowsOf(table))) return
    }
    priorityNotes(this.#database, this.#intake)
  }

  /** What is to be done for each row of a table, row by row. */
  #rowsOf(table: string): Iterable<void> {
    const series = seriesPlans[table]
    if (series) return this.#records.series(table, series)
    const plan = recordPlans[table]
    if (plan) return this.#records.planned(table, plan)
    if (table === sleepTable) return this.#sleep.sessions()
    if (table === stageTable) return this.#sleep.stages()
    if (table === exerciseTable) return this.#exercise.sessions()
    if (sessionParts.some((part) => part === table)) return this.#exercise.parts(table)
    return this.#records.others(table)
  }

  /** Goes through the rows; false when the person asked to stop. */
  #each(rows: Iterable<void>): boolean {
    let number = 0
    for (const _ of rows) {
      if (++number % rowsBetweenLooks !== 0) continue
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return false
    }
    return true
  }
}
