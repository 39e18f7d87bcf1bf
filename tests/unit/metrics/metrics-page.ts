/** The text of docs/metrics.md, made from the catalogue. */
import { type AcceptedUnit, type Metric, metrics } from '../../../src/metrics/index.ts'

const preamble = `# Metrics

This page is generated from the catalogue (\`src/metrics/catalogue\`); a test holds it current
(\`npx vitest run tests/unit/metrics -u\` writes it anew).

- **Name** a metric by its id, an alias or a LOINC code, in any case, with \`-\`, \`_\` or blanks: \`healthmate log bp 128/82\`.
- **Units**: the first is the canonical one, in which values are compared; a value is kept as it was given. A unit in
  **bold** must be written (\`81.4kg\`), because bare numbers in the common units look alike. Any other UCUM unit of the
  same kind is accepted, too. Mass and molar concentrations convert with the analyte's own factor.
- **Day**: how several values of one day become the day's value.
- **Plausible** bounds catch unit and typing errors, they do not judge health: outside, you are asked to confirm.
  **Possible** bounds are refused when left. Both are in the canonical unit.
- **Percent** is 0–100 throughout. NGSP and IFCC HbA1c, SDNN and RMSSD, CRP and high-sensitivity CRP, D-dimer in FEU and
  in DDU, lipoprotein(a) by mass and by moles are different things and stay so.
- A **LOINC** code is given where it is certain. Further codes, also those for the molar twin of a mass concentration,
  are accepted and listed after it.
`

export function metricsPage(): string {
  const categories = [...new Set(metrics.map(({ category }) => category))]
  const sections = categories.map((category) =>
    section(
      category,
      metrics.filter((metric) => metric.category === category),
    ),
  )
  return `${[preamble, `${metrics.length} metrics.\n`, ...sections, sources()].join('\n')}`
}

function section(category: string, rows: readonly Metric[]): string {
  const title = category.replaceAll('-', ' ')
  return `## ${title.charAt(0).toUpperCase()}${title.slice(1)}

| id | name | aliases | LOINC | units | day | plausible | possible | collection |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(row).join('\n')}
`
}

function row(metric: Metric): string {
  const cells = [
    `\`${metric.id}\``,
    metric.name,
    metric.aliases.map((alias) => `\`${alias}\``).join(', '),
    loinc(metric),
    metric.units.map((unit, index) => unitCell(metric, unit, index)).join(', '),
    metric.combine,
    bounds(metric, 'plausible'),
    bounds(metric, 'hard'),
    metric.collection,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function loinc(metric: Metric): string {
  const parts = metric.components.map((part) => `${part.id} ${part.loinc}`)
  const others = (metric.loincAlternatives ?? []).map(({ code, unit }) =>
    unit === null ? code : `${code} (${unit})`,
  )
  return [metric.loinc ?? '', ...others, ...parts].filter((text) => text !== '').join(', ')
}

function unitCell(metric: Metric, { ucum, factor, offset }: AcceptedUnit, index: number): string {
  const code = `\`${ucum}\``
  if (index === 0) return metric.needsUnit ? `**${code}**` : code
  const product = factor === 1 ? '' : ` × ${Number(factor.toPrecision(9))}`
  const sum = offset === 0 ? '' : offset < 0 ? ` − ${Number((-offset).toPrecision(9))}` : ` + ${offset}`
  return `${code}${product}${sum}`
}

function bounds(metric: Metric, kind: 'plausible' | 'hard'): string {
  if (metric.components.length === 0) return metric[kind].join(' to ')
  return metric.components.map((part) => `${part.id} ${part[kind].join(' to ')}`).join('; ')
}

function sources(): string {
  const bySource = new Map<string, string[]>()
  for (const { id, boundsSource } of metrics) {
    bySource.set(boundsSource, [...(bySource.get(boundsSource) ?? []), `\`${id}\``])
  }
  const general = 'general knowledge'
  const lines = [...bySource]
    .filter(([source]) => source !== general)
    .map(([source, ids]) => `- ${source}: ${ids.join(', ')}`)
  return `## Where the plausible bounds come from

${lines.join('\n')}
- ${general}: all others, and all possible bounds
`
}
