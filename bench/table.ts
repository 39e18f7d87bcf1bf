/** The results for people. */
import type { Measurement, ResultRow } from './result.ts'

const head = ['row', 'value', 'baseline', 'ratio', 'target', 'holds']

export function tableText(rows: readonly ResultRow[], measurements: readonly Measurement[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${row.value} ${row.unit}`,
    row.baseline === null ? '' : String(row.baseline),
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.target ?? '',
    row.holds === null ? '' : row.holds ? 'yes' : 'NO',
  ])
  const all = [head, ...cells]
  const widths = head.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const lines = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const about = measurements.map(({ name, about: text }) => `${name}: ${text}`)
  return `${lines.join('\n')}\n\n${about.join('\n')}\n`
}
