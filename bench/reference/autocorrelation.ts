/** Autocorrelations by their definition: a sum of products for each lag. */
export function simpleAutocorrelation(y: Float64Array, maxLag: number): number[] {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const centred = y.map((value) => value - mean)
  const covariance = (lag: number) => {
    let sum = 0
    for (let i = 0; i + lag < centred.length; i++)
      sum += (centred[i] as number) * (centred[i + lag] as number)
    return sum
  }
  const variance = covariance(0)
  return Array.from({ length: maxLag + 1 }, (_, lag) => covariance(lag) / variance)
}
