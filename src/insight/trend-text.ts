/** The trend in one plain sentence, in the person's unit. */
import type { TrendResult } from './trend.ts'

/** How numbers of a metric are written for this person; the arguments are in the canonical unit. */
export interface TrendFormat {
  /** Unit as shown, '' for none: `kg`, `lb`, `mmHg`. */
  readonly unit: string
  /** A level, without the unit: `81.4`. */
  value(canonical: number): string
  /** A difference of two levels, without the unit and without a sign: `0.4`. The argument is not negative. */
  change(canonical: number): string
}

const shiftsMentioned = 1

/** `span` is the number of calendar days from first to last. */
export function trendText(
  result: Omit<TrendResult, 'text'>,
  span: number,
  name: string,
  format: TrendFormat,
): string {
  if (result.slope === null) {
    const have = `${countOf(result.n, 'day')} with a value within ${countOf(span, 'day')}`
    return `Not enough data for a trend of ${lowerFirst(name)}: ${have}; it needs ${result.missing}.`
  }
  return `${name} ${claim(result, span, format)}${shifts(result, format)}${weekly(result)}.`
}

function claim(result: Omit<TrendResult, 'text'>, span: number, format: TrendFormat): string {
  if (result.slope === null) return ''
  const [low, high] = result.slope.ci95
  const rate = span < 120 ? { days: 7, word: 'a week' } : { days: 365.25 / 12, word: 'a month' }
  const signed = (perDay: number) => withSign(perDay * rate.days, format)
  const basis = `over ${countOf(span, 'day')} (${countOf(result.n, 'day')} with a value)`
  const interval = `95 % interval ${signed(low)} to ${signed(high)}`
  switch (result.direction) {
    case 'rising':
    case 'falling':
      return `is ${result.direction}: about ${signed(result.slope.perDay)}${spaced(format.unit)} ${rate.word}, ${interval}, ${basis}`
    case 'steady': {
      const most = format.change(Math.max(Math.abs(low), Math.abs(high)) * span)
      const limit = format.change(result.margin ?? 0)
      if (low === 0 && high === 0) return `is steady: no change at all ${basis}`
      return `is steady: a change of at most ${most}${spaced(format.unit)} ${basis}, within the ${limit}${spaced(format.unit)} that would matter`
    }
    case 'unclear':
      return `shows no clear trend: anything from ${signed(low)} to ${signed(high)}${spaced(format.unit)} ${rate.word} is possible (95 % interval) ${basis}`
  }
}

function shifts(result: Omit<TrendResult, 'text'>, format: TrendFormat): string {
  const last = result.changePoints.at(-1)
  if (last === undefined) return ''
  const more = result.changePoints.length - shiftsMentioned
  const others = more > 0 ? `, after ${countOf(more, 'earlier shift')}` : ''
  const unit = spaced(format.unit)
  return `; its level moved from ${format.value(last.before)} to ${format.value(last.after)}${unit} around ${last.at}${others}`
}

function weekly(result: Omit<TrendResult, 'text'>): string {
  return result.seasonality === null ? '' : '; it follows the days of the week, which is allowed for'
}

function withSign(change: number, format: TrendFormat): string {
  const size = format.change(Math.abs(change))
  if (/^[0.,\s]*$/.test(size)) return size
  return `${change < 0 ? '−' : '+'}${size}`
}

function spaced(unit: string): string {
  return unit === '' ? '' : unit === '%' ? ' %' : ` ${unit}`
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `Weight` → `weight`, but `HDL cholesterol` and `HbA1c` stay. */
function lowerFirst(name: string): string {
  return /^[A-Z][a-z]+(\s|$)/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}
