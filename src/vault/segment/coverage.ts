/** Time that is taken: a set of instants as disjoint half-open intervals, ascending. */

/** [from, to), ms. */
export type TimeSpan = readonly [number, number]

export class Coverage {
  #spans: TimeSpan[] = []

  /** Takes the spans, which may overlap each other and what is taken already. */
  add(spans: readonly TimeSpan[]): void {
    if (spans.length === 0) return
    const sorted = [...this.#spans, ...spans].sort((a, b) => a[0] - b[0])
    const joined: [number, number][] = []
    for (const [from, to] of sorted) {
      const last = joined.at(-1)
      if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
      else joined.push([from, to])
    }
    this.#spans = joined
  }

  /** How much of [from, to) is taken, ms. */
  coveredMs(fromMs: number, toMs: number): number {
    let covered = 0
    for (let i = this.#firstEndingAfter(fromMs); i < this.#spans.length; i++) {
      const [from, to] = this.#spans[i] as TimeSpan
      if (from >= toMs) break
      covered += Math.min(to, toMs) - Math.max(from, fromMs)
    }
    return covered
  }

  /** Whether an instant is taken. */
  has(atMs: number): boolean {
    const span = this.#spans[this.#firstEndingAfter(atMs)]
    return span !== undefined && span[0] <= atMs
  }

  #firstEndingAfter(ms: number): number {
    let from = 0
    let to = this.#spans.length
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#spans[middle] as TimeSpan)[1] <= ms) from = middle + 1
      else to = middle
    }
    return from
  }
}
