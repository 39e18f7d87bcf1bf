/**
 * One weighted polynomial of degree 0 to 2 around a point, as the linear operator that it is: which share each y has
 * in the value (and in the slope) at the point.
 *
 * Cleveland & Grosse 1991, Stat Comput 1:47–62 (doi:10.1007/BF01890836): columns scaled to unit length, QR, then a
 * pseudo-inverse by singular values, so that ties and tiny windows give the shortest solution instead of nonsense.
 */

export type PolynomialDegree = 0 | 1 | 2

/** Singular values below this share of the largest count as 0, as in the authors' FORTRAN. */
const rankTolerance = 100 * Number.EPSILON

/**
 * Fills `value` and `slope` (each as long as `offsets`) with the operator rows for x offsets from the point and
 * their weights (not all 0).
 */
export function localPolynomial(
  offsets: Float64Array,
  weights: Float64Array,
  degree: PolynomialDegree,
  value: Float64Array,
  slope: Float64Array,
): void {
  const n = offsets.length
  const roots = new Float64Array(n)
  for (let i = 0; i < n; i++) roots[i] = Math.sqrt(weights[i] as number)
  const columns: Float64Array[] = [roots.slice()]
  for (let power = 1; power <= degree; power++) {
    const column = new Float64Array(n)
    const lower = columns[power - 1] as Float64Array
    for (let i = 0; i < n; i++) column[i] = (lower[i] as number) * (offsets[i] as number)
    columns.push(column)
  }
  const norms = columns.map(scaleToUnit)
  const upper = orthonormalise(columns)
  const inverse = pseudoInverse(upper)
  combine(columns, roots, inverse[0] as number[], norms[0] as number, value)
  if (degree > 0) combine(columns, roots, inverse[1] as number[], norms[1] as number, slope)
  else slope.fill(0)
}

/** One coefficient as shares of y: (row of R⁺ Qᵀ) times the root weights, in the column's own scale. */
function combine(
  q: readonly Float64Array[],
  roots: Float64Array,
  row: readonly number[],
  norm: number,
  out: Float64Array,
): void {
  out.fill(0)
  q.forEach((column, j) => {
    const share = (row[j] as number) / norm
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + share * (column[i] as number)
  })
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * (roots[i] as number)
}

function scaleToUnit(column: Float64Array): number {
  const norm = Math.sqrt(dot(column, column))
  if (!(norm > 0)) return 1
  for (let i = 0; i < column.length; i++) column[i] = (column[i] as number) / norm
  return norm
}

/** Gram-Schmidt, each column twice (Giraud et al. 2005); the columns become Q, R is returned. */
function orthonormalise(columns: readonly Float64Array[]): number[][] {
  const upper = columns.map(() => columns.map(() => 0))
  columns.forEach((column, j) => {
    for (let round = 0; round < 2; round++) {
      for (let k = 0; k < j; k++) {
        const other = columns[k] as Float64Array
        const share = dot(other, column)
        const row = upper[k] as number[]
        row[j] = (row[j] as number) + share
        for (let i = 0; i < column.length; i++)
          column[i] = (column[i] as number) - share * (other[i] as number)
      }
    }
    const rest = Math.sqrt(dot(column, column))
    // What is left is rounding: the column depends on those before.
    const independent = rest > 8 * Number.EPSILON
    ;(upper[j] as number[])[j] = independent ? rest : 0
    for (let i = 0; i < column.length; i++) column[i] = independent ? (column[i] as number) / rest : 0
  })
  return upper
}

/** Pseudo-inverse of a small square matrix by one-sided Jacobi rotations (Hestenes 1958). */
function pseudoInverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length
  const u = matrix.map((row) => [...row])
  const v = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 30 && rotateAll(u, v, size); sweep++);
  const squares = matrix.map((_, j) => u.reduce((sum, row) => sum + (row[j] as number) ** 2, 0))
  const least = (rankTolerance * Math.sqrt(Math.max(...squares))) ** 2
  return v.map((vRow) =>
    u.map((uRow) =>
      squares.reduce(
        (sum, square, k) =>
          square > least ? sum + ((vRow[k] as number) * (uRow[k] as number)) / square : sum,
        0,
      ),
    ),
  )
}

/** One sweep over all pairs of columns; false when they already were orthogonal. */
function rotateAll(u: number[][], v: number[][], size: number): boolean {
  let rotated = false
  for (let p = 0; p < size; p++) {
    for (let q = p + 1; q < size; q++) {
      let pp = 0
      let qq = 0
      let pq = 0
      for (const row of u) {
        pp += (row[p] as number) ** 2
        qq += (row[q] as number) ** 2
        pq += (row[p] as number) * (row[q] as number)
      }
      if (Math.abs(pq) <= 1e-16 * Math.sqrt(pp * qq) || pq === 0) continue
      rotated = true
      const zeta = (qq - pp) / (2 * pq)
      const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
      const cos = 1 / Math.sqrt(1 + t * t)
      for (const rows of [u, v]) for (const row of rows) rotate(row, p, q, cos, cos * t)
    }
  }
  return rotated
}

function rotate(row: number[], p: number, q: number, cos: number, sin: number): void {
  const a = row[p] as number
  const b = row[q] as number
  row[p] = cos * a - sin * b
  row[q] = sin * a + cos * b
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
