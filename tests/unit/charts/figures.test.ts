import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { shadeBounds, shadeDigits, shadeOf } from '../../../src/charts/figures.ts'
import {
  type CalendarFigure,
  type ChartSeries,
  type DayProfileFigure,
  type Figure,
  type HistogramFigure,
  svgChart,
  svgFigure,
  terminalChart,
  terminalFigure,
} from '../../../src/charts/index.ts'

const terminal = { width: 60, height: 8, color: false, unicode: true }
const ascii = { ...terminal, unicode: false }

const histogram: HistogramFigure = {
  kind: 'histogram',
  title: 'Weight',
  unit: 'kg',
  decimals: 1,
  of: 'readings',
  edges: [70, 75, 80, 85],
  counts: [1, 30, 9],
  n: 40,
  mean: 78.4,
}
// 2026-01-05 was a Monday.
const calendar: CalendarFigure = {
  kind: 'calendar',
  title: 'Steps',
  unit: '',
  decimals: 0,
  day: Array.from({ length: 15 }, (_, i) => 20_458 + i),
  value: Array.from({ length: 15 }, (_, i) => 1000 * (i + 1)),
}
const profile: DayProfileFigure = {
  kind: 'day-profile',
  title: 'Glucose',
  unit: 'mg/dL',
  decimals: 0,
  binMin: 180,
  percentiles: [70, 90, 110, 140, 200].map((value) => [
    value,
    value,
    Number.NaN,
    value,
    value,
    value,
    value,
    value,
  ]),
  readings: 700,
  days: 14,
  target: { low: 70, high: 180 },
}
const pressure: ChartSeries = {
  title: 'Blood pressure',
  unit: 'mmHg',
  kind: 'ranges',
  decimals: 0,
  lines: [
    { label: 'systolic', day: [20_500, 20_501, 20_504], value: [128, 131, 126] },
    { label: 'diastolic', day: [20_500, 20_501, 20_504], value: [82, 84, 80] },
  ],
}

function texts(svg: string): string[] {
  const found: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('text', (text) => {
    if (text.trim() !== '') found.push(text.trim())
  })
  parser.write(svg).close()
  return found
}

describe('figures in the terminal', () => {
  it('draw a histogram with counts, shares and the mean', () => {
    expect(terminalFigure(histogram, terminal)).toMatchInlineSnapshot(`
      "Weight (kg)
        40 readings, mean 78.4
      70 to 75 ┤█▍ 1 (3 %)
      75 to 80 ┤████████████████████████████████████████ 30 (75 %)
      80 to 85 ┤████████████ 9 (23 %)"
    `)
  })

  it('draw a calendar with weeks across and weekdays down, and a legend of values', () => {
    expect(terminalFigure(calendar, terminal)).toMatchInlineSnapshot(`
      "Steps
        15 days with a value, 2026-01-05 to 2026-01-19
          2026-01
      Mon ··▒▒██
      Tue ··▒▒
      Wed ··▓▓
      Thu ░░▓▓
      Fri ░░▓▓
      Sat ░░██
      Sun ▒▒██
      · to 3800   ░ to 6600   ▒ to 9400   ▓ to 12200   █ above"
    `)
  })

  it('label every month of a quarter', () => {
    const day = Array.from({ length: 90 }, (_, i) => 20_458 + i)
    const quarter = terminalFigure({ ...calendar, day, value: day }, terminal).split('\n')
    expect(quarter[2]).toMatch(/^ {4}(2026-01|Jan) +(2026-02|Feb) +(2026-03|Mar)/)
  })

  it('draw the day by percentiles, leave hours without readings empty and mark the target', () => {
    expect(terminalFigure(profile, terminal)).toMatchInlineSnapshot(`
      "Glucose (mg/dL)
        700 readings on 14 days; ┄ target 70 to 180
        ━ median, ▒ half, ░ 90 % of them
      200 ┤░░░░░░░░░░░░░░       ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
          ┤░░░░░░░░░░░░░░┄┄┄┄┄┄┄░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      150 ┤░░░░░░░░░░░░░░       ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
          ┤▒▒▒▒▒▒▒▒▒▒▒▒▒▒       ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
          ┤━━━━━━━━━━━━━━       ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
      100 ┤▒▒▒▒▒▒▒▒▒▒▒▒▒▒       ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
          ┤░░░░░░░░░░░░░░┄┄┄┄┄┄┄░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
       50 ┤
           00    03    06    09    12    15    18    21"
    `)
  })

  it('draw pairs as bars from the upper to the lower value', () => {
    expect(terminalChart([pressure], terminal)).toMatchInlineSnapshot(`
      "Blood pressure (mmHg)
        ▾ systolic: min 126, max 131, latest 126 mmHg on 2026-02-…
        ▴ diastolic: min 80, max 84, latest 80 mmHg on 2026-02-20
      140 ┤
          ┤▾             ▾
      120 ┤│             │                                       ▾
          ┤│             │                                       │
          ┤│             │                                       │
      100 ┤│             │                                       │
          ┤│             │                                       │
       80 ┤▴             ▴                                       ▴
          └┬──────────────────────────┬──────────────────────────┬
           02-16                    02-18                    02-20"
    `)
  })

  it('use nothing but ASCII where the terminal has no more', () => {
    for (const figure of [histogram, calendar, profile]) {
      expect(terminalFigure(figure, ascii)).toMatch(/^[\x20-\x7e\n]*$/)
    }
    expect(terminalChart([pressure], ascii)).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('say so where there is no data', () => {
    const none: readonly Figure[] = [
      { ...histogram, n: 0, counts: [0], edges: [0, 1], mean: null },
      { ...calendar, day: [], value: [] },
      { ...profile, percentiles: [[], [], [], [], []], readings: 0, days: 0 },
    ]
    for (const figure of none) {
      expect(terminalFigure(figure, terminal)).toContain('No data in this period.')
      expect(texts(svgFigure(figure)).join(' ')).toContain('No data in this period')
    }
  })
})

describe('figures as SVG', () => {
  it('are well-formed, have a title and say the numbers in words', () => {
    expect(texts(svgFigure(histogram))).toEqual(
      expect.arrayContaining([
        'Histogram of 40 readings, mean 78.4; most of them, 30, lie from 75 to 80.',
        '40 readings, mean 78.4',
        '(kg)',
      ]),
    )
    expect(texts(svgFigure(calendar))).toEqual(
      expect.arrayContaining([
        'Calendar of 15 days with a value from 2026-01-05 to 2026-01-19, lowest 1000, highest 15000.',
        '2026-01-05: 1000',
      ]),
    )
    expect(texts(svgFigure(profile)).join(' ')).toContain(
      'Readings by time of day, 700 on 14 days: the median runs from 110 to 110; target 70 to 180.',
    )
  })

  it('hold no text from outside unescaped', () => {
    const svg = svgFigure({ ...histogram, title: '<script>&"\u202e', unit: '<b>' })
    expect(svg).not.toContain('<script>')
    expect(svg).not.toContain('<b>')
    expect(texts(svg)).toContain('<script>&"\ufffd')
  })

  it('draw a bar for each pair of values', () => {
    const svg = svgChart([pressure], { title: 'Blood pressure' })
    expect(svg.match(/rx="4"/g)).toHaveLength(3)
  })

  it('never fail on finite data and never have a number that is none', () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 30 }), (value) => {
        const day = value.map((_, i) => 20_000 + i)
        expect(svgFigure({ ...calendar, day, value })).not.toContain('NaN')
        const percentiles = profile.percentiles.map(() => value)
        expect(svgFigure({ ...profile, binMin: 1440 / value.length, percentiles })).not.toContain('NaN')
        expect(terminalFigure({ ...calendar, day, value }, terminal)).not.toContain('NaN')
      }),
    )
  })
})

describe('shades of a calendar', () => {
  it('hold as many days each as the values allow, ties together', () => {
    expect(shadeBounds([1, 2, 3, 4, 5, 6])).toEqual([2, 3, 4, 5])
    expect(shadeBounds([7, 7, 7, 7])).toEqual([7])
    expect(shadeOf(7, [7])).toBe(0)
    expect(shadeOf(8, [7])).toBe(1)
  })

  it('are told apart in the legend, with more digits than the values where they lie close', () => {
    expect(shadeDigits([5.61, 5.64, 5.67, 5.7], 1)).toBe(2)
    expect(shadeDigits([5, 6, 7, 8], 0)).toBe(0)
    expect(shadeDigits([7], 0)).toBe(0)
  })
})
