/** Nights with their stages, and exercise sessions with their laps, segments and routes. */
import { minuteMs } from '../../foundation/index.ts'
import type { Intake } from '../intake.ts'
import { type ExportDatabase, type Row, rowJson } from '../sqlite-copy.ts'
import { codeOf, exerciseTypes, sleepStages } from './codes.ts'
import { extraOf, type RecordRows, versioned } from './records.ts'
import { exerciseTable, sleepTable, stageTable } from './tables.ts'

/** Rows of one part of a session that are kept as one text; the rest follows in further texts. */
const maxPartRows = 2000
const maxRowLength = 2000
const noteColumns = ['title', 'notes']

export class SleepRows {
  readonly #database: ExportDatabase
  readonly #records: RecordRows
  /** Keys of the sessions that have stages. */
  readonly #staged = new Set<unknown>()

  constructor(database: ExportDatabase, records: RecordRows) {
    this.#database = database
    this.#records = records
    if (!database.tables.includes(stageTable)) return
    for (const row of database.rows(stageTable)) this.#staged.add(row['parent_key'])
  }

  /** A session is the time in bed where stages tell the sleep in it, else it is sleep (SleepSessionRecord). */
  *sessions(): Generator<void> {
    for (const { row, place } of this.#records.numbered(sleepTable, this.#database.rows(sleepTable))) {
      const moment = this.#records.moment(row)
      const metric = this.#staged.has(row['row_id']) ? 'sleep_in_bed' : 'sleep_asleep'
      const value = { metric, unit: 'min', value: moment.durationMs / minuteMs }
      this.#records.take(value, row, moment, versioned(extraOf(row, [], noteColumns, []), row), place)
      yield
    }
  }

  *stages(): Generator<void> {
    const inherited = [
      ...['app_info_id', 'device_info_id', 'recording_method', 'start_zone_offset'],
      ...['uuid', 'last_modified_time'],
    ]
    const keys = { childKey: 'parent_key', parentKey: 'row_id' }
    const rows = this.#database.tables.includes(sleepTable)
      ? this.#database.childRows(stageTable, sleepTable, keys, inherited)
      : this.#database.rows(stageTable)
    for (const { row, place } of this.#records.numbered(stageTable, rows)) {
      const { stage_start_time: start, stage_end_time: end } = row
      const moment = this.#records.momentOf(start, end, row['start_zone_offset'])
      const metric = sleepStages[codeOf(row['stage_type'])]
      if (metric === undefined) this.#records.unmapped(stageTable, moment, place)
      else {
        const value = { metric, unit: 'min', value: moment.durationMs / minuteMs }
        this.#records.take(value, row, moment, versioned(extraOf(row, [], [], []), row), place)
      }
      yield
    }
  }
}

export class ExerciseRows {
  readonly #database: ExportDatabase
  readonly #intake: Intake
  readonly #records: RecordRows

  constructor(database: ExportDatabase, intake: Intake, records: RecordRows) {
    this.#database = database
    this.#intake = intake
    this.#records = records
  }

  *sessions(): Generator<void> {
    for (const { row, place } of this.#records.numbered(exerciseTable, this.#database.rows(exerciseTable))) {
      const moment = this.#records.moment(row)
      const facts = [{ column: 'exercise_type', words: exerciseTypes }]
      const said = extraOf(row, facts, noteColumns, ['session_rate_of_perceived_exertion'])
      const value = { metric: 'workout', unit: 'min', value: moment.durationMs / minuteMs }
      this.#records.take(value, row, moment, versioned(said, row), place)
      yield
    }
  }

  /** Laps, segments and places are no records of their own: what follows each other of one session is one text. */
  *parts(table: string): Generator<void> {
    let rows: Row[] = []
    let number = 0
    const keep = () => {
      const [first] = rows
      if (first && this.#intake.begin(0)) this.#keep(table, rows, first, `${table}#${number - rows.length}`)
      rows = []
    }
    for (const row of this.#database.rows(table)) {
      const isSame = rows[0]?.['parent_key'] === row['parent_key']
      if (!isSame || rows.length >= maxPartRows) keep()
      rows.push(row)
      number++
      yield
    }
    keep()
  }

  #keep(table: string, rows: readonly Row[], first: Row, where: string): void {
    const start = first['timestamp_millis'] ?? first['lap_start_time'] ?? first['segment_start_time']
    const startMs = typeof start === 'number' ? start : null
    if (this.#intake.isSkipped(startMs)) return
    const text = () => `[${rows.map((row) => rowJson(row, maxRowLength)).join(',')}]`
    this.#intake.keep(`Health Connect ${table}`, where, startMs, text)
  }
}
