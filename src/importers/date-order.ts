/**
 * Rows of a file that writes `05-12-2019` wait until a date shows which number is the day (`29-06-2025` does), or until
 * the file ends: then nobody knows, and they are refused with the question. What the person says ends the waiting.
 */
import { type DateOrder, orderShown } from './wall-time.ts'

export const dateOrderQuestion =
  'is it day/month or month/day? Say --date-order day-first or --date-order month-first'

/** Rows that wait at most; the days of a month pass thirteen long before. */
const maxWaiting = 100_000

export interface DateOrderHandler<Row> {
  /** A date of the row. */
  dateOf(row: Row): string
  take(row: Row, order: DateOrder | undefined): void
  /** Its date could be read in two ways. */
  refuse(row: Row): void
}

export class DateOrderGate<Row> {
  readonly #handler: DateOrderHandler<Row>
  #order: DateOrder | undefined
  #isHopeless = false
  #waiting: Row[] = []

  constructor(stated: DateOrder | undefined, handler: DateOrderHandler<Row>) {
    this.#order = stated
    this.#handler = handler
  }

  push(row: Row): void {
    if (this.#order !== undefined) {
      this.#handler.take(row, this.#order)
      return
    }
    const shown = orderShown(this.#handler.dateOf(row))
    if (shown === 'open' && this.#isHopeless) this.#handler.refuse(row)
    else if (shown === 'open' || (shown === undefined && this.#waiting.length > 0)) this.#wait(row)
    else if (shown === undefined) this.#handler.take(row, undefined)
    else {
      this.#order = shown
      this.#release()
      this.#handler.take(row, shown)
    }
  }

  /** Something outside the rows shows the order (a title line). */
  learn(text: string): void {
    const shown = orderShown(text)
    if (shown === 'open' || shown === undefined || this.#order !== undefined) return
    this.#order = shown
    this.#release()
  }

  /** No further row comes. */
  end(): void {
    this.#release()
  }

  #wait(row: Row): void {
    this.#waiting.push(row)
    if (this.#waiting.length < maxWaiting) return
    this.#isHopeless = true
    this.#release()
  }

  #release(): void {
    const rows = this.#waiting
    this.#waiting = []
    for (const row of rows) {
      const isOpen = orderShown(this.#handler.dateOf(row)) === 'open'
      if (isOpen && this.#order === undefined) this.#handler.refuse(row)
      else this.#handler.take(row, this.#order)
    }
  }
}
