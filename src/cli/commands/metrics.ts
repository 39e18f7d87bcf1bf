/** `metrics [WORDS]`: the catalogue, for people and for scripts. */
import { Failure } from '../../foundation/index.ts'
import { type Metric, metrics } from '../../metrics/index.ts'
import type { Invocation } from '../invocation.ts'
import { renderTable } from '../present/table.ts'

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const words = invocation.arguments('words').map((word) => word.toLowerCase())
  const found = metrics.filter((metric) => words.every((word) => describes(metric, word)))
  if (found.length === 0) {
    throw new Failure('NOT_FOUND', 'no metric of the catalogue fits these words', {
      hint: 'healthmate metrics',
    })
  }
  const views = found.map(metricView)
  if (output.format === 'json') output.json({ metrics: views, count: views.length })
  else if (output.format === 'ndjson') output.ndjson(views)
  else if (output.format === 'csv') {
    output.csv(
      ['id', 'name', 'category', 'aliases', 'loinc', 'unit', 'plausible_low', 'plausible_high'],
      found.map((one) => [
        one.id,
        one.name,
        one.category,
        one.aliases.join(' '),
        one.loinc,
        one.unit,
        ...one.plausible,
      ]),
    )
  } else output.result(metricTable(found, invocation))
}

function describes(metric: Metric, word: string): boolean {
  const texts = [
    metric.id,
    metric.name,
    metric.category,
    metric.collection,
    metric.loinc ?? '',
    ...metric.aliases,
  ]
  return texts.some((text) => text.toLowerCase().includes(word))
}

/** Bounds are in the canonical unit; outside `plausible` the person is asked, outside `hard` a value is refused. */
function metricView(metric: Metric) {
  const { id, name, aliases, loinc, category, collection, unit, plausible, hard, boundsSource, combine } =
    metric
  return {
    id,
    name,
    aliases,
    loinc,
    category,
    collection,
    unit,
    units: metric.units.map((accepted) => ({ unit: accepted.ucum, label: accepted.label })),
    needsUnit: metric.needsUnit,
    combine,
    plausible,
    hard,
    boundsSource,
    components: metric.components.map((component) => ({
      id: component.id,
      name: component.name,
      loinc: component.loinc,
      plausible: component.plausible,
      hard: component.hard,
    })),
  }
}

function metricTable(found: readonly Metric[], { output }: Invocation): string {
  const rows = found.map((metric) => [
    metric.id,
    metric.aliases.slice(0, 4).join(', '),
    metric.loinc ?? '',
    metric.units.map((accepted) => accepted.label).join(', '),
    plausibleText(metric),
  ])
  const columns = [
    { title: 'metric' },
    { title: 'aliases', flexible: true },
    { title: 'LOINC' },
    { title: 'units', flexible: true },
    { title: 'plausible' },
  ]
  return renderTable(columns, rows, { width: output.width, style: output.style })
}

function plausibleText(metric: Metric): string {
  const ranges =
    metric.components.length === 0 ? [metric.plausible] : metric.components.map((one) => one.plausible)
  return ranges.map(([low, high]) => `${low}–${high}`).join(' / ')
}
