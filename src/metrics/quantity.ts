/**
 * Reading what a person typed as a quantity: `81.4kg`, `128/82 mmHg`, `12st 4lb`, `5'11"`, `7h 30m`, `37,5 °C`,
 * `negative`. Strict: nothing is skipped, nothing is guessed, an ambiguous text is answered with its question.
 */
import { Failure } from '../foundation/index.ts'
import { printable } from './find.ts'
import type { AcceptedUnit, Metric } from './types.ts'
import { knownUnit, resolveUnit } from './unit.ts'

export interface ParsedQuantity {
  /** In `unit`, in component order. */
  readonly values: number[]
  /** `null` when none was written. */
  readonly unit: AcceptedUnit | null
}

const maxLength = 100
const numberPattern = '[+-]?(?:\\d+(?:[.,]\\d+)*|[.,]\\d+)(?:[eE][+-]?\\d+)?'
const quantityPattern = new RegExp(
  `^(${numberPattern}(?:\\s*(?:/|\\bover\\b)\\s*${numberPattern})*)(?:(\\s+)(.+)|([^\\d\\s].*))?$`,
)

/**
 * Reads a quantity of this metric.
 *
 * @throws Failure VALUE when it is no number (or not as many as the metric has components), UNIT when the unit is
 * none of the metric's; the hint shows what to write
 */
export function parseQuantity(metric: Metric, text: string): ParsedQuantity {
  const cleaned = clean(text)
  if (cleaned === '' || cleaned.length > maxLength) throw noNumber(metric, text)
  const word = wordValue(metric, cleaned)
  if (word !== undefined) return { values: [word], unit: null }
  const compound = compoundQuantity(metric, cleaned)
  if (compound) return compound
  const match = quantityPattern.exec(cleaned)
  if (!match) throw noNumber(metric, text)
  const values = (match[1] ?? '').split(/\s*(?:\/|over)\s*/).map((part) => parseNumber(metric, part))
  checkCount(metric, values, text)
  const unitText = (match[3] ?? match[4] ?? '').trim()
  return { values, unit: unitText === '' ? null : resolveUnit(metric, unitText) }
}

/** Typographic forms that mean the same: minus signs, primes, no-break blanks. */
function clean(text: string): string {
  return text
    .replace(/[\u00a0\u2007\u2009\u202f]/g, ' ')
    .replace(/[\u2212\u2010\u2011]/g, '-')
    .replace(/[\u2019\u2032]/g, "'")
    .replace(/[\u201d\u2033]|''/g, '"')
    .trim()
}

function wordValue(metric: Metric, text: string): number | undefined {
  if (!metric.values) return undefined
  const key = text.toLowerCase().replace(/[\s_-]+/g, ' ')
  return Object.hasOwn(metric.values, key) ? metric.values[key] : undefined
}

/** A decimal point, or a decimal comma where it cannot be a thousands separator (`37,5`, `0,125`). */
function parseNumber(metric: Metric, text: string): number {
  const separators = text.replace(/[^.,]/g, '')
  if (separators.length > 1 || /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
    const question =
      separators === ','
        ? `does "${text}" mean ${text.replace(',', '')} or ${text.replace(',', '.')}?`
        : `"${text}" has more than one separator`
    throw new Failure('VALUE', question, {
      hint: 'Write numbers with a decimal point and no thousands separators.',
    })
  }
  const value = Number(text.replace(',', '.'))
  if (!Number.isFinite(value)) throw noNumber(metric, text)
  return value
}

function checkCount(metric: Metric, values: readonly number[], text: string): void {
  const expected = Math.max(1, metric.components.length)
  if (values.length === expected) return
  const names = metric.components.map(({ name }) => name.toLowerCase()).join(' and ')
  const reason = names === '' ? 'takes one number' : `takes ${names}`
  throw new Failure('VALUE', `${metric.id} ${reason}, not "${printable(text)}"`, {
    hint: exampleHint(metric),
  })
}

function noNumber(metric: Metric, text: string): Failure {
  return new Failure('VALUE', `"${printable(text)}" is no value of ${metric.id}`, {
    hint: exampleHint(metric),
  })
}

function exampleHint(metric: Metric): string {
  if (metric.components.length > 0) return `healthmate log ${metric.id} 128/82`
  if (metric.values) return `Write one of: ${Object.keys(metric.values).join(', ')}.`
  const example = Math.round((metric.plausible[0] + metric.plausible[1]) / 4)
  const label = metric.needsUnit ? (metric.units[0]?.label ?? '').replaceAll(' ', '') : ''
  return `healthmate log ${metric.id} ${example}${label}`
}

/** A quantity in two units, the second a part of the first. */
interface Compound {
  readonly pattern: RegExp
  /** UCUM code of the first and the second unit; the metric must accept both. */
  readonly large: string
  readonly small: string
  readonly perLarge: number
}

const decimal = '(\\d+(?:[.,]\\d+)?)'

const compounds: readonly Compound[] = [
  {
    pattern: new RegExp(`^(\\d+)\\s*(?:st|stones?)\\s*${decimal}\\s*(?:lbs?|pounds?)?$`, 'i'),
    large: '[stone_av]',
    small: '[lb_av]',
    perLarge: 14,
  },
  {
    pattern: new RegExp(`^(\\d+)\\s*(?:lbs?|pounds?)\\s*${decimal}\\s*(?:oz|ounces?)$`, 'i'),
    large: '[lb_av]',
    small: '[oz_av]',
    perLarge: 16,
  },
  {
    pattern: new RegExp(`^(\\d+)\\s*(?:'|ft|foot|feet)\\s*${decimal}\\s*(?:"|in|inch|inches)?$`, 'i'),
    large: '[ft_i]',
    small: '[in_i]',
    perLarge: 12,
  },
  {
    pattern: new RegExp(`^(\\d+)\\s*(?:h|hrs?|hours?)\\s*${decimal}\\s*(?:m|mins?|minutes?)?$`, 'i'),
    large: 'h',
    small: 'min',
    perLarge: 60,
  },
]

function compoundQuantity(metric: Metric, text: string): ParsedQuantity | undefined {
  for (const { pattern, large, small, perLarge } of compounds) {
    const match = pattern.exec(text)
    const unit = knownUnit(metric, small)
    if (!match || !unit || unit.ucum !== small || knownUnit(metric, large)?.ucum !== large) continue
    const rest = parseNumber(metric, match[2] ?? '')
    if (rest >= perLarge) {
      throw new Failure('VALUE', `"${printable(text)}": the second number must be below ${perLarge}`, {
        hint: exampleHint(metric),
      })
    }
    return { values: [Number(match[1]) * perLarge + rest], unit }
  }
  return undefined
}
