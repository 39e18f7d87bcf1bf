/**
 * A linear model of independent columns with the covariance of its coefficients, by Householder reflections (Golub
 * 1965, Numer Math 7:206–216), which do not square the condition of the design as the normal equations do.
 */

export interface LinearModel {
  readonly coefficients: Float64Array
  /** (X'X)⁻¹: times σ² the covariance of the coefficients. Row by row. */
  readonly unscaledCovariance: readonly Float64Array[]
  readonly fitted: Float64Array
  readonly residualSquares: number
}

/** What is left of a column that depends on the earlier ones, relative to the longest column; R's `lm` has as much. */
const rankTolerance = 1e-7

/** Fits y by columns of its length and of like size. Null where there are fewer rows than columns or the columns depend on each other. */
export function fitLinearModel(columns: readonly Float64Array[], y: Float64Array): LinearModel | null {
  const count = columns.length
  if (y.length < count) return null
  const work = columns.map((column) => column.slice())
  const longest = Math.max(...columns.map((column) => Math.sqrt(dot(column, column, 0))))
  const rotated = y.slice()
  const diagonal = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const pivot = work[k] as Float64Array
    const below = Math.sqrt(dot(pivot, pivot, k))
    if (!(below > rankTolerance * longest)) return null
    const head = pivot[k] as number
    diagonal[k] = head > 0 ? -below : below
    // The reflection's vector takes the place of the column that it has brought to a multiple of e_k.
    pivot[k] = head - (diagonal[k] as number)
    const scale = 2 / dot(pivot, pivot, k)
    for (let j = k + 1; j < count; j++) reflect(pivot, work[j] as Float64Array, k, scale)
    reflect(pivot, rotated, k, scale)
  }
  const upper = (row: number, column: number) =>
    row === column ? (diagonal[row] as number) : ((work[column] as Float64Array)[row] as number)
  const coefficients = backSubstitute(upper, rotated.subarray(0, count))
  const fitted = new Float64Array(y.length)
  columns.forEach((column, j) => {
    const coefficient = coefficients[j] as number
    for (let i = 0; i < fitted.length; i++)
      fitted[i] = (fitted[i] as number) + coefficient * (column[i] as number)
  })
  return {
    coefficients,
    unscaledCovariance: inverseGram(upper, count),
    fitted,
    residualSquares: y.reduce((sum, value, i) => sum + (value - (fitted[i] as number)) ** 2, 0),
  }
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0
  for (let i = from; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function reflect(vector: Float64Array, target: Float64Array, from: number, scale: number): void {
  const share = scale * dot(vector, target, from)
  for (let i = from; i < target.length; i++) target[i] = (target[i] as number) - share * (vector[i] as number)
}

type Upper = (row: number, column: number) => number

function backSubstitute(upper: Upper, right: ArrayLike<number>): Float64Array {
  const out = new Float64Array(right.length)
  for (let row = right.length - 1; row >= 0; row--) {
    let rest = right[row] as number
    for (let column = row + 1; column < right.length; column++)
      rest -= upper(row, column) * (out[column] as number)
    out[row] = rest / upper(row, row)
  }
  return out
}

/** R⁻¹R⁻ᵀ of the upper triangle R. */
function inverseGram(upper: Upper, count: number): Float64Array[] {
  const inverseColumns = Array.from({ length: count }, (_, j) =>
    backSubstitute(
      upper,
      Float64Array.from({ length: count }, (_, i) => (i === j ? 1 : 0)),
    ),
  )
  return Array.from({ length: count }, (_, a) =>
    Float64Array.from({ length: count }, (_, b) =>
      inverseColumns.reduce((sum, column) => sum + (column[a] as number) * (column[b] as number), 0),
    ),
  )
}
