/** Which character separates the cells of a text, found from its beginning. */

export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

const lookedAtLines = 30

/**
 * The candidate that stands in most lines, then the one that stands there most often; cells in quotes are passed over.
 * A comma where none stands.
 */
export function delimiterOf(text: string): Delimiter {
  const lines = text.replace(/"(?:[^"]|"")*"/g, '""').split(/\r\n|\n|\r/, lookedAtLines)
  let best: Delimiter = ','
  let bestScore = 0
  for (const candidate of delimiters) {
    const counts = lines.map((line) => line.split(candidate).length - 1).filter((count) => count > 0)
    // Lines count first: a text in one cell may hold many commas.
    const score = counts.length * 1000 + Math.min(999, Math.min(...counts, 999))
    if (counts.length > 0 && score > bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}
