/**
 * Inversions: pairs of which the earlier value is the larger, counted by a merge sort in O(n log n).
 *
 * Knight 1966, J Am Stat Assoc 61:436–439 (doi:10.1080/01621459.1966.10480879).
 */

/** How many pairs i < j have values[i] > values[j]. `values` is sorted in place. */
export function countInversions(values: Float64Array): number {
  return countRange(values, new Float64Array(values.length), 0, values.length)
}

function countRange(values: Float64Array, scratch: Float64Array, from: number, to: number): number {
  if (to - from < 2) return 0
  const middle = (from + to) >> 1
  let count = countRange(values, scratch, from, middle) + countRange(values, scratch, middle, to)
  let left = from
  let right = middle
  for (let k = from; k < to; k++) {
    if (right >= to || (left < middle && (values[left] as number) <= (values[right] as number))) {
      scratch[k] = values[left++] as number
    } else {
      count += middle - left
      scratch[k] = values[right++] as number
    }
  }
  values.set(scratch.subarray(from, to), from)
  return count
}
