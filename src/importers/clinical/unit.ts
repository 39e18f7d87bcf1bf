/** Units of clinical files: UCUM mostly, else what laboratories and devices print. */
import { Failure } from '../../foundation/index.ts'
import { type AcceptedUnit, type Metric, resolveUnitWithUcum } from '../../metrics/index.ts'

/** Words for a unit that neither UCUM nor the catalogue knows, by metric-independent meaning. Lower case. */
const ucumByWords: Readonly<Record<string, string>> = {
  'breaths per minute': '/min',
  'beats per minute': '/min',
  'minutes per day': 'min/d',
  '%o2': '%',
  'percent o2': '%',
  'giga.l-1': '10*9/L',
  'tera.l-1': '10*12/L',
  'g.l-1': 'g/L',
  'mmol.l-1': 'mmol/L',
  'umol.l-1': 'umol/L',
  '10+3/ul': '10*3/uL',
  '10+6/ul': '10*6/uL',
  '10+9/l': '10*9/L',
  '10+12/l': '10*12/L',
  'k/ul': '10*3/uL',
  'm/ul': '10*6/uL',
  'k/mcl': '10*3/uL',
  'm/mcl': '10*6/uL',
}

const known = new Map<string, AcceptedUnit | null>()
const maxKnown = 5000

/** The metric's unit for the first of `texts` that names one; undefined when none does. */
export async function clinicalUnit(
  metric: Metric,
  texts: readonly string[],
): Promise<AcceptedUnit | undefined> {
  for (const text of texts) {
    const unit = await remembered(metric, text)
    if (unit) return unit
  }
  return undefined
}

async function remembered(metric: Metric, text: string): Promise<AcceptedUnit | null> {
  const key = `${metric.id} ${text}`
  const before = known.get(key)
  if (before !== undefined) return before
  const words = text.trim().toLowerCase()
  const found =
    (await unitOrNull(metric, text)) ??
    (Object.hasOwn(ucumByWords, words) ? await unitOrNull(metric, ucumByWords[words] as string) : null)
  // A hostile file names a new unit in every record; the table must not grow with it.
  if (known.size < maxKnown) known.set(key, found)
  return found
}

async function unitOrNull(metric: Metric, text: string): Promise<AcceptedUnit | null> {
  try {
    return await resolveUnitWithUcum(metric, text)
  } catch (cause) {
    if (cause instanceof Failure && cause.code === 'UNIT') return null
    throw cause
  }
}

/** Whether numbers of the metric need no unit to be understood: counts, scores, grades. */
export function isUnitless(metric: Metric): boolean {
  return metric.unit === '1' || /^\{[^}]*\}$/.test(metric.unit)
}
