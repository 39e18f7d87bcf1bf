/** Nearest names for what was mistyped. */

/** At most `limit` of `names` within one edit (short words) to three (long ones), nearest first. */
export function nearestNames(typed: string, names: readonly string[], limit = 3): readonly string[] {
  const wanted = typed.toLowerCase()
  const allowed = wanted.length <= 3 ? 1 : wanted.length <= 8 ? 2 : 3
  return names
    .map((name) => ({
      name,
      distance: name.startsWith(wanted) && wanted.length > 1 ? 0.5 : editDistance(wanted, name),
    }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** Optimal string alignment distance: insert, delete, replace, swap neighbours, one each. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, (last[j] as number) + 1, (row[j - 1] as number) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] as number) + 1)
      }
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] as number
}
