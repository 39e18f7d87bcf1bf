/**
 * Least squares on several columns by orthogonal columns (modified Gram-Schmidt, each made orthogonal twice: Giraud,
 * Langou & Rozložník 2005, Comput Math Appl 50:1069–1075). A column that depends on those before gets coefficient 0.
 */

/** Below this share of its own length, what is left of a column is rounding. */
const dependent = 1e-10

/** One coefficient per column; all columns are as long as `y`. */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): number[] {
  const basis: (Float64Array | null)[] = []
  const upper = columns.map(() => columns.map(() => 0))
  columns.forEach((column, j) => {
    const own = column.slice()
    const whole = Math.sqrt(dot(own, own))
    for (let round = 0; round < 2; round++) {
      basis.forEach((other, k) => {
        if (other === null) return
        const share = dot(other, own)
        const row = upper[k] as number[]
        row[j] = (row[j] as number) + share
        addScaled(own, other, -share)
      })
    }
    const rest = Math.sqrt(dot(own, own))
    const independent = rest > dependent * whole
    ;(upper[j] as number[])[j] = independent ? rest : 1
    basis.push(independent ? own.map((value) => value / rest) : null)
  })
  const coefficients = basis.map((vector) => (vector === null ? 0 : dot(vector, y)))
  for (let j = columns.length - 1; j >= 0; j--) {
    if (basis[j] === null) continue
    let sum = coefficients[j] as number
    for (let k = j + 1; k < columns.length; k++) {
      sum -= ((upper[j] as number[])[k] as number) * (coefficients[k] as number)
    }
    coefficients[j] = sum / ((upper[j] as number[])[j] as number)
  }
  return coefficients
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (vector[i] as number)
}
