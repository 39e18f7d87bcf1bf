/**
 * Nelder-Mead simplex search in the form of Nash 1990, Compact Numerical Methods for Computers, 2nd ed., algorithm
 * 19, which is the one behind R's `optim` and `ets`: reflection 1, contraction ½, expansion 2, first steps of a tenth
 * of the largest coordinate. Deterministic; Infinity and NaN count as forbidden places.
 */

export interface Minimum {
  readonly at: Float64Array
  readonly value: number
}

/** What stands for a forbidden place. */
const forbidden = 1e35

/**
 * Searches from `start` until the values of the simplex differ by less than `tolerance` (relative), or after
 * `maxEvaluations`.
 */
export function nelderMead(
  objective: (at: Float64Array) => number,
  start: Float64Array,
  tolerance: number,
  maxEvaluations: number,
): Minimum {
  const simplex = new Simplex(objective, start)
  const limit = tolerance * (Math.abs(simplex.best.value) + tolerance)
  let size = simplex.measureOthers()
  while (simplex.evaluations <= maxEvaluations) {
    if (simplex.worst.value <= simplex.best.value + limit) break
    if (simplex.step()) continue
    const shrunk = simplex.shrink()
    if (shrunk >= size) break
    size = shrunk
    simplex.measureOthers()
  }
  return simplex.best
}

interface Vertex {
  readonly at: Float64Array
  value: number
}

class Simplex {
  readonly #objective: (at: Float64Array) => number
  readonly #vertices: Vertex[]
  evaluations = 1
  #low = 0
  #high = 0

  constructor(objective: (at: Float64Array) => number, start: Float64Array) {
    this.#objective = objective
    const first = { at: start.slice(), value: allowed(objective(start)) }
    let step = start.reduce((most, x) => Math.max(most, 0.1 * Math.abs(x)), 0)
    if (step === 0) step = 0.1
    const others = Array.from(start, (x, i) => {
      const at = start.slice()
      for (let length = step; at[i] === x; length *= 10) at[i] = x + length
      return { at, value: forbidden }
    })
    this.#vertices = [first, ...others]
  }

  get best(): Vertex {
    return this.#vertices[this.#low] as Vertex
  }

  get worst(): Vertex {
    return this.#vertices[this.#high] as Vertex
  }

  /** Measures all but the best and finds the new extremes; returns the size of the simplex. */
  measureOthers(): number {
    this.#vertices.forEach((vertex, i) => {
      if (i !== this.#low) vertex.value = this.#measure(vertex.at)
    })
    this.#findExtremes()
    return this.#vertices.length === 1 ? 0 : Number.POSITIVE_INFINITY
  }

  /** One reflection with expansion or contraction; false where only shrinking is left. */
  step(): boolean {
    const worst = this.worst
    const centre = this.#centreWithoutWorst()
    const reflected = this.#vertex(centre.map((c, i) => 2 * c - (worst.at[i] as number)))
    if (reflected.value < this.best.value) {
      const expanded = this.#vertex(reflected.at.map((x, i) => 2 * x - (centre[i] as number)))
      this.#replaceWorst(expanded.value < reflected.value ? expanded : reflected)
      return true
    }
    if (reflected.value < worst.value) this.#replaceWorst(reflected, false)
    const towards = this.worst
    const contracted = this.#vertex(towards.at.map((x, i) => 0.5 * x + 0.5 * (centre[i] as number)))
    if (contracted.value < towards.value) {
      this.#replaceWorst(contracted)
      return true
    }
    if (reflected.value >= worst.value) return false
    this.#findExtremes()
    return true
  }

  /** Moves all halfway to the best; returns the new size. */
  shrink(): number {
    const best = this.best
    let size = 0
    for (const { at } of this.#vertices) {
      if (at === best.at) continue
      for (let i = 0; i < at.length; i++) {
        at[i] = 0.5 * ((at[i] as number) - (best.at[i] as number)) + (best.at[i] as number)
        size += Math.abs((at[i] as number) - (best.at[i] as number))
      }
    }
    return size
  }

  #measure(at: Float64Array): number {
    this.evaluations++
    return allowed(this.#objective(at))
  }

  #vertex(at: Float64Array): Vertex {
    return { at, value: this.#measure(at) }
  }

  #replaceWorst(vertex: Vertex, lookAgain = true): void {
    this.#vertices[this.#high] = vertex
    if (lookAgain) this.#findExtremes()
  }

  /** Keeps the present best where others are as good. */
  #findExtremes(): void {
    const start = this.#low
    let lowest = this.best.value
    let highest = lowest
    this.#high = start
    this.#vertices.forEach(({ value }, i) => {
      if (i === start) return
      if (value < lowest) {
        this.#low = i
        lowest = value
      }
      if (value > highest) {
        this.#high = i
        highest = value
      }
    })
  }

  #centreWithoutWorst(): Float64Array {
    const size = this.#vertices.length - 1
    const centre = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      let sum = -(this.worst.at[i] as number)
      for (const { at } of this.#vertices) sum += at[i] as number
      centre[i] = sum / size
    }
    return centre
  }
}

function allowed(value: number): number {
  return Number.isFinite(value) ? value : forbidden
}
