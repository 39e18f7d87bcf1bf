import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import {
  type ChartSeries,
  plainText,
  pngChart,
  svgChart,
  terminalChart,
  xmlText,
} from '../../../src/charts/index.ts'
import { dayTicks, valueScale } from '../../../src/charts/scale.ts'

const days = [20_500, 20_501, 20_502, 20_503, 20_520, 20_521]
const weight: ChartSeries = {
  title: 'Weight',
  unit: 'kg',
  kind: 'line',
  decimals: 1,
  lines: [{ label: '', day: days, value: [82, 81.6, 81.8, 81.2, 80.9, 81] }],
  target: { low: 70, high: 81.5, label: 'goal' },
  trend: {
    day: 20_510,
    value: 81.4,
    slopePerDay: -0.05,
    ci95: [-0.08, -0.02],
    halfWidth: 0.1,
    text: 'Falling.',
  },
}
const pressure: ChartSeries = {
  title: 'Blood pressure',
  unit: 'mmHg',
  kind: 'line',
  decimals: 0,
  lines: [
    { label: 'systolic', day: days, value: [128, 131, 126, 130, 135, 129] },
    { label: 'diastolic', day: days, value: [82, 84, 80, 83, 86, 81] },
  ],
}
const steps: ChartSeries = {
  title: 'Steps',
  unit: '',
  kind: 'bars',
  decimals: 0,
  lines: [{ label: '', day: days, value: [4000, 0, 8000, 12_000, 6500, 7000] }],
}
const terminal = { width: 60, height: 6, color: false, unicode: true }

/** Fails on anything that is not well-formed XML. */
function parsed(svg: string): string[] {
  const names: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => names.push(name))
  parser.write(svg).close()
  return names
}

describe('SVG chart', () => {
  it('looks as it did', () => {
    expect(
      svgChart([weight, pressure, steps], { title: 'Six days', width: 640, panelHeight: 120 }),
    ).toMatchSnapshot()
  })

  it('is accessible and self-contained', () => {
    const svg = svgChart([weight], { title: 'Weight' })
    const names = parsed(svg)
    expect(names).toEqual(expect.arrayContaining(['title', 'desc']))
    expect(names).not.toContain('script')
    expect(svg).toContain('role="img"')
    expect(svg).toContain('latest 81.0 kg. Falling.')
    expect(svg.match(/https?:/g)).toHaveLength(1)
  })

  it('does not bridge a gap of seventeen days', () => {
    const path = /<path d="(M[^"]*)" fill="none" stroke="#0b57a4"/.exec(
      svgChart([weight], { title: '' }),
    )?.[1]
    expect(path?.match(/M/g)).toHaveLength(2)
  })

  it('escapes text from outside everywhere', () => {
    const evil = '"><script>alert(1)</script>&\u0000\u202e\ud800'
    const svg = svgChart(
      [
        {
          ...pressure,
          title: evil,
          unit: evil,
          lines: [{ ...pressure.lines[0], label: evil } as never, { label: evil, day: [], value: [] }],
          target: { low: null, high: 130, label: evil },
        },
      ],
      { title: evil },
    )
    expect(parsed(svg)).not.toContain('script')
    expect(svg).not.toContain('\u202e')
  })

  it('draws any finite data, one point and none', () => {
    const point = fc.record({
      day: fc.integer({ min: -800_000, max: 800_000 }),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    })
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 12 }),
        fc.constantFrom<ChartSeries['kind']>('line', 'bars'),
        (points, kind) => {
          const sorted = [...new Map(points.map((p) => [p.day, p])).values()].sort((a, b) => a.day - b.day)
          const line = { label: 'x', day: sorted.map((p) => p.day), value: sorted.map((p) => p.value) }
          const series = [{ title: 'T', unit: 'u', kind, decimals: 1, lines: [line, line] }]
          const svg = svgChart(series, { title: 'T' })
          parsed(svg)
          expect(svg).not.toMatch(/NaN|Infinity/)
          const text = terminalChart(series, terminal)
          expect(text).not.toMatch(/NaN|Infinity|undefined/)
          expect(Math.max(...text.split('\n').map((row) => [...row].length))).toBeLessThanOrEqual(60)
        },
      ),
    )
    expect(svgChart([], { title: 'Empty' })).toContain('No data in this period')
    expect(svgChart([{ ...weight, lines: [] }], { title: 'Empty' })).toContain('No data')
  })
})

describe('terminal chart', () => {
  it('looks as it did', () => {
    expect(terminalChart([weight, pressure, steps], terminal)).toMatchSnapshot()
  })

  it('uses nothing but ASCII when asked', () => {
    const text = terminalChart([weight, pressure, steps], { ...terminal, unicode: false })
    expect(
      [...text].filter((character) => character !== '\n' && (character < ' ' || character > '~')),
    ).toEqual([])
  })

  it('colours only when asked and resets every colour', () => {
    const text = terminalChart([pressure], { ...terminal, color: true })
    expect(text).toContain('\u001b[33m')
    const resets = text.split('\u001b[0m').length - 1
    expect(text.split('\u001b[').length - 1).toBe(2 * resets)
    expect(terminalChart([pressure], terminal)).not.toContain('\u001b')
  })

  it('keeps a hostile title out of the terminal', () => {
    const text = terminalChart([{ ...weight, title: 'a\u001b]0;x\u0007b', unit: '\u009b31m' }], terminal)
    for (const control of ['\u001b', '\u0007', '\u009b']) expect(text).not.toContain(control)
  })

  it('says when there is nothing, and shows one value as a dot', () => {
    expect(terminalChart([], terminal)).toBe('No data in this period.')
    const one = { ...weight, lines: [{ label: '', day: [20_500], value: [81] }] }
    expect(terminalChart([one], terminal)).toContain('•')
    expect(
      terminalChart(
        [{ ...pressure, lines: [...pressure.lines, { label: 'none', day: [], value: [] }] }],
        terminal,
      ),
    ).toContain('none: no data')
  })

  it('shows a wanted period that is longer than the data', () => {
    expect(terminalChart([steps], { ...terminal, fromDay: 20_400, toDay: 20_600 })).toContain('2026-01')
  })
})

describe('PNG chart', () => {
  it('renders text without system fonts', async () => {
    const png = await pngChart(svgChart([weight], { title: 'Weight', width: 400 }), 1)
    expect([...png.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    const without = await pngChart(svgChart([weight], { title: '', width: 400 }), 1)
    expect(png.length).toBeGreaterThan(without.length + 300)
  })
})

describe('axes', () => {
  it('have round ticks that enclose the values', () => {
    expect(valueScale([61, 79], 5, false)).toMatchObject({ ticks: [60, 65, 70, 75, 80], decimals: 0 })
    expect(valueScale([0.12, 0.31], 4, false).decimals).toBe(2)
    expect(valueScale([5, 5], 5, true).low).toBe(0)
  })

  it('mark days, Mondays, months or years as fits', () => {
    expect(dayTicks(20_500, 20_504, 8).map(({ label }) => label)).toEqual([
      '02-16',
      '02-17',
      '02-18',
      '02-19',
      '02-20',
    ])
    expect(dayTicks(20_450, 20_480, 6).map(({ label }) => label)[0]).toMatch(/^2025-12-29|2026-01-05$/)
    expect(dayTicks(20_000, 20_400, 8).every(({ label }) => /^\d{4}-\d{2}$/.test(label))).toBe(true)
    expect(dayTicks(10_000, 20_500, 8).every(({ label }) => /^\d{4}$/.test(label))).toBe(true)
    expect(dayTicks(5, 5, 0)).toHaveLength(1)
  })
})

describe('escaping', () => {
  it('replaces what is no text and cuts what is too long', () => {
    expect(plainText('a\u200bb\nc')).toBe('a\ufffdb\ufffdc')
    expect([...plainText('x'.repeat(500))]).toHaveLength(200)
    expect(xmlText(`<&>"'`)).toBe('&lt;&amp;&gt;&quot;&#39;')
  })
})
