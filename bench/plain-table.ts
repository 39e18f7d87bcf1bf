/**
 * The baseline of storing and scanning: a plaintext SQLite table of the same samples, `(metric, t, v, source)`, with
 * the durability that the vault has (write-ahead log, synchronous FULL). Metrics and sources are small numbers, as a
 * careful schema would have them; `t` is local time in ms, so that a day is a division.
 */
import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { ObservationBlock } from '../src/records/index.ts'
import { offsetMin } from './data/rows.ts'

/** A day's aggregate, by `metric/source/day`. */
export type DailyAggregates = Map<string, { count: number; sum: number; min: number; max: number }>

export class PlainTable {
  readonly #path: string
  readonly #sqlite: Database.Database
  readonly #names: string[] = []

  constructor(path: string) {
    this.#path = path
    this.#sqlite = new Database(path)
    this.#sqlite.pragma('journal_mode = WAL')
    this.#sqlite.pragma('synchronous = FULL')
    this.#sqlite.exec('CREATE TABLE sample (metric INTEGER, t INTEGER, v REAL, source INTEGER)')
  }

  /** Inserts all blocks in one transaction with one prepared statement. */
  insert(blocks: Iterable<ObservationBlock>): void {
    const insert = this.#sqlite.prepare('INSERT INTO sample (metric, t, v, source) VALUES (?, ?, ?, ?)')
    this.#sqlite.transaction(() => {
      for (const { series, columns } of blocks) {
        const metric = this.#numberOf(series.metric)
        const source = this.#numberOf(series.source.device)
        const { length, startMs } = columns
        const values = columns.values[0] as Float64Array
        for (let row = 0; row < length; row++) {
          insert.run(metric, (startMs[row] as number) + offsetMin * 60_000, values[row], source)
        }
      }
    })()
  }

  /** Count, sum, least and greatest value by metric, source and local day. */
  aggregate(): DailyAggregates {
    const rows = this.#sqlite
      .prepare(
        `SELECT metric, source, t / 86400000 AS day, count(*), sum(v), min(v), max(v)
         FROM sample GROUP BY metric, source, day`,
      )
      .raw()
      .all() as [number, number, number, number, number, number, number][]
    const days: DailyAggregates = new Map()
    for (const [metric, source, day, count, sum, min, max] of rows) {
      days.set(`${this.#names[metric]}/${this.#names[source]}/${day}`, { count, sum, min, max })
    }
    return days
  }

  /** Bytes of the file with its log written back. */
  size(): number {
    this.#sqlite.pragma('wal_checkpoint(TRUNCATE)')
    return statSync(this.#path).size
  }

  close(): void {
    this.#sqlite.close()
  }

  #numberOf(name: string): number {
    const known = this.#names.indexOf(name)
    return known >= 0 ? known : this.#names.push(name) - 1
  }
}
