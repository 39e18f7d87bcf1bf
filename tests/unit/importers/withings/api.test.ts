import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { importFile } from '../rows-of.ts'

const run = (body: unknown, options = {}) =>
  importFile('withings', 'answer.json', JSON.stringify({ status: 0, body }), options)

const at = Date.UTC(2026, 0, 2, 12) / 1000

describe('answers of the Withings API', () => {
  it('give measures with their power of ten, in the zone that they name', async () => {
    const group = (measures: readonly (readonly [number, number, number])[], category = 1) => ({
      category,
      date: at,
      comment: 'seated',
      measures: measures.map(([type, value, unit]) => ({ type, value, unit })),
    })
    const { report, rows } = await run(
      {
        timezone: 'America/Los_Angeles',
        measuregrps: [
          group([
            [9, 68, 0],
            [10, 104, 0],
            [1, 74_126, -3],
            [18, -1000, -3],
          ]),
          group([[1, 70_000, -3]], 2),
          group([]),
        ],
      },
      { zone: undefined },
    )
    expect(rows).toEqual([
      'blood_pressure 104/68 mm[Hg] @ 2026-01-02T04:00:00 +0 Withings',
      'weight 74.126 kg @ 2026-01-02T04:00:00 +0 Withings',
    ])
    expect(report.unmapped).toEqual({ 'withings goal': 1, 'withings group': 1, 'withings measure 18': 1 })
  })

  it('give days, states and summaries of nights, and activity by the minute', async () => {
    const days = await run({
      activities: [
        { date: '2026-01-02', steps: 100, soft: 60, timezone: 'Nowhere/Land' },
        { date: '2026-01-03', timezone: '' },
        { date: 'soon' },
      ],
    })
    expect(days.rows).toEqual([
      'light_activity_time 60 s @ 2026-01-02T00:00:00 +86400 Withings',
      'steps 100 {steps} @ 2026-01-02T00:00:00 +86400 Withings',
    ])
    expect(days.report).toMatchObject({ refused: 1, unmapped: { 'withings day': 1 } })
    const nights = await run({
      series: [
        { startdate: at, enddate: at + 900, state: 2 },
        { startdate: at, enddate: at + 900, state: 7 },
        {
          startdate: at,
          enddate: at + 3600,
          timezone: 'Europe/London',
          data: { deepsleepduration: 1800, wakeupcount: 2 },
        },
        { startdate: at, enddate: at + 3600, data: {} },
      ],
    })
    expect(nights.rows).toEqual([
      'sleep_awakenings 2 {count} @ 2026-01-02T14:00:00 +0 Withings',
      'sleep_deep 1800 s @ 2026-01-02T13:00:00 +3600 Withings',
      'sleep_deep 900 s @ 2026-01-02T13:00:00 +900 Withings/raw',
    ])
    expect(nights.report.unmapped).toEqual({ 'withings night': 1, 'withings state without a metric': 1 })
    const minutes = await run({
      series: {
        [at]: { steps: 21, duration: 60, heart_rate: 70 },
        [at + 60]: { duration: 600 },
        [at + 660]: { steps: 1 },
      },
    })
    expect(minutes.rows).toEqual([
      'heart_rate 70 /min @ 2026-01-02T13:00:00 +0 Withings',
      'steps 21 {steps} @ 2026-01-02T13:00:00 +60 Withings/raw',
    ])
    expect(minutes.report).toMatchObject({ refused: 1, unmapped: { 'withings time without activity': 1 } })
  })

  it('end in a report or a refusal for any values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        try {
          await run({
            measuregrps: [value],
            activities: [value],
            series: [value, { startdate: value, data: value }],
          })
        } catch (cause) {
          expect(cause).toBeInstanceOf(Failure)
        }
      }),
      { numRuns: 150 },
    )
  })
})

const real = (name: string) => sharedDataPath('api-samples', 'withings', 'mapper', `withings-${name}.json`)

describe('real answers', () => {
  it.skipIf(!real('body-measures')).each([
    ['activity-measures', { imported: 28, unmapped: {} }],
    ['body-measures-only-goal', { imported: 0, unmapped: { 'withings goal': 1 } }],
    ['sleep-measures', { imported: 3, unmapped: {} }],
    ['sleep-summary', { imported: 9, unmapped: {} }],
    ['intraday-activity', { imported: 16, unmapped: { 'withings time without activity': 2 } }],
  ])('%s', async (name, expected) => {
    const { report } = await importFile('auto', `${name}.json`, readFileSync(real(name) as string))
    expect(report).toMatchObject(expected)
    expect(report.refused).toBe(0)
  })

  it.skipIf(!real('body-measures'))(
    'give each pressure, pulse, weight and height of the measures',
    async () => {
      const { report } = await importFile('auto', 'm.json', readFileSync(real('body-measures') as string))
      expect(report.byMetric).toMatchObject({ blood_pressure: 1, weight: 2 })
    },
  )
})
