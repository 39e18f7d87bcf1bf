/** The trend in one plain sentence, in the person's unit. */
import { verbFor } from './grammar.ts'
import type { TrendResult } from './trend.ts'

/** How numbers of a metric are written for this person; the arguments are in the canonical unit. */
export interface TrendFormat {
  /** A level with its unit: `81.4 kg`, `12 st 11 lb`. */
  value(canonical: number): string
  /** The size of a difference of two levels with its unit, never negative: `0.4 kg`. */
  change(canonical: number): string
}

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
  return `${name} ${claim(result, result.slope, span, name, format)}${shifts(result, format)}${weekly(result, format)}.`
}

function claim(
  result: Omit<TrendResult, 'text'>,
  slope: NonNullable<TrendResult['slope']>,
  span: number,
  name: string,
  format: TrendFormat,
): string {
  const is = verbFor(name, 'is')
  const [low, high] = slope.ci95
  const rate = span < 120 ? { days: 7, word: 'a week' } : { days: 365.25 / 12, word: 'a month' }
  const signed = (perDay: number) => withSign(perDay * rate.days, format)
  const basis = `over ${countOf(span, 'day')}, ${result.n} of them with a value`
  switch (result.direction) {
    case 'rising':
    case 'falling':
      return `${is} ${result.direction} by about ${format.change(Math.abs(slope.perDay * rate.days))} ${rate.word} (95 % interval ${signed(low)} to ${signed(high)}) ${basis}`
    case 'steady': {
      if (low === 0 && high === 0) return `did not change at all ${basis}`
      const most = format.change(Math.max(Math.abs(low), Math.abs(high)) * span)
      return `${is} steady: the change was no more than ${most} in all ${basis}, within the ${format.change(result.margin ?? 0)} that would matter`
    }
    case 'unclear':
      return `${verbFor(name, 'shows')} no clear trend: ${signed(low)} to ${signed(high)} ${rate.word} are all possible (95 % interval) ${basis}`
  }
}

function shifts(result: Omit<TrendResult, 'text'>, format: TrendFormat): string {
  const last = result.changePoints.at(-1)
  if (last === undefined) return ''
  const earlier = result.changePoints.length - 1
  const others = earlier > 0 ? `, after ${countOf(earlier, 'earlier shift')}` : ''
  return `; the level moved from ${format.value(last.before)} to ${format.value(last.after)} around ${last.at}${others}`
}

const weekdayNames = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays']

/** A pattern of STL is there whether or not it is one; below this strength it is not worth a word. */
const leastStrength = 0.1

function weekly({ seasonality }: Omit<TrendResult, 'text'>, format: TrendFormat): string {
  if (seasonality === null || seasonality.strength < leastStrength) return ''
  const { weekdays } = seasonality
  const at = (extreme: number): string =>
    `${weekdayNames[weekdays.indexOf(extreme)]} (${withSign(extreme, format)})`
  return `; within the week it is highest on ${at(Math.max(...weekdays))} and lowest on ${at(Math.min(...weekdays))}, which is allowed for`
}

function withSign(change: number, format: TrendFormat): string {
  const size = format.change(Math.abs(change))
  // What rounds to nothing has no direction.
  if (!/[1-9]/.test(size)) return size
  return `${change < 0 ? '−' : '+'}${size}`
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `Weight` → `weight`, but `HDL cholesterol` and `HbA1c` stay. */
function lowerFirst(name: string): string {
  return /^[A-Z][a-z]+(\s|$)/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
}
