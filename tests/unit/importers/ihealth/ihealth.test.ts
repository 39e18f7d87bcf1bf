import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { iHealth } from '../../../../src/importers/ihealth/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { holdsAgainstDamage, rowsOf, runFile, runText } from '../adapter-run.ts'
import { iHealthFixture } from './fixture.ts'

describe('an iHealth answer', () => {
  it('gives wall clocks their offset, numbers their unit by code, and 0 nothing', async () => {
    const { report, sink } = await runText(iHealth, JSON.stringify(iHealthFixture), {}, 'bp.json')
    expect(report).toMatchObject({ read: 3, imported: 3 })
    expect(rowsOf(sink)).toMatchObject([
      {
        metric: 'blood_pressure',
        values: [130, 95],
        at: '2015-09-17T14:07:45-360',
        unit: 'mm[Hg]',
        extra: { note: 'up' },
      },
      {
        metric: 'glucose',
        values: [3.9],
        unit: 'mmol/L',
        at: '2015-09-17T12:03:27-480',
        extra: { context: 'before_breakfast' },
      },
      { metric: 'workout', values: [30], minutes: 30, at: '2015-09-17T20:02:28-480' },
    ])
  })

  it('refuses codes of units and dates that it does not know', async () => {
    const bad = {
      BGUnit: 7,
      BGDataList: [{ BG: 60, MDate: 1442491407, TimeZone: '-0800' }, { BG: 60 }, 3],
      BPDataList: [{ MDate: 1442491407 }],
    }
    const { report } = await runText(iHealth, JSON.stringify(bad), {}, 'bg.json')
    expect(report).toMatchObject({ read: 4, refused: 4 })
  })

  it('ends in a report or a failure whatever the bytes are', async () => {
    await holdsAgainstDamage(iHealth, Buffer.from(JSON.stringify(iHealthFixture)), 'bp.json')
  })
})

const folder = sharedDataPath('api-samples', 'ihealth', 'mapper')
describe('the recorded answers', () => {
  it.skipIf(!folder)('are accounted for entry by entry', async () => {
    const imported: Record<string, number> = {}
    for (const name of readdirSync(folder as string)) {
      const path = join(folder as string, name)
      const { report } = await runFile(path, {}, 'ihealth')
      expect([name, report.refused]).toEqual([name, 0])
      const answer = JSON.parse(readFileSync(path, 'utf8'))
      const entries = Object.values(answer).find(Array.isArray) as unknown[]
      if (entries.length === 0) expect([name, report.read]).toEqual([name, 0])
      else expect(report.read).toBeGreaterThanOrEqual(entries.length)
      for (const [metric, count] of Object.entries(report.byMetric))
        imported[metric] = (imported[metric] ?? 0) + count
    }
    expect(imported).toEqual({
      blood_pressure: 3,
      bmi: 2,
      body_fat: 1,
      body_water: 1,
      distance_walking_running: 1,
      glucose: 2,
      heart_rate: 4,
      oxygen_saturation: 3,
      sleep_awakenings: 2,
      sleep_efficiency: 3,
      sleep_total: 3,
      steps: 2,
      weight: 2,
      workout: 2,
    })
  })
})
