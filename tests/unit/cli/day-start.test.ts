/** What the setting day-start does to totals of calendar days and to what goes over the start of a day. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endAgents, type VaultHome, vaultHome } from './vault-home.ts'

const record = (from: string, to: string, steps: number) =>
  `<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Ring" unit="count" startDate="${from} +0000" endDate="${to} +0000" value="${steps}"/>`

const file = `<?xml version="1.0"?><HealthData locale="en_GB">
<ExportDate value="2026-06-10 00:00:00 +0000"/>
${record('2026-06-01 00:00:00', '2026-06-02 00:00:00', 1000)}
${record('2026-06-02 00:00:00', '2026-06-03 00:00:00', 2000)}
${record('2026-06-05 03:00:00', '2026-06-05 07:00:00', 400)}
</HealthData>`

let home: VaultHome
beforeAll(async () => {
  home = await vaultHome()
  await home.run(['import', 'apple-health', home.file('export.xml', file)])
  await home.run(['config', 'set', 'day-start', '04:00'])
})
afterAll(endAgents)

const day = (date: string) => home.json(['explain', 'steps', date])

describe('a day that starts at four', () => {
  it('leaves the totals of calendar days whole', async () => {
    expect((await day('2026-06-01')).text).toBe('1000 steps')
    expect((await day('2026-06-02')).text).toBe('2000 steps')
    expect(await home.run(['explain', 'steps', '2026-05-31'])).toMatchObject({ code: 5 })
    expect((await home.run(['explain', 'steps', '2026-06-01'])).stdout).toMatch(/1000 steps +all/)
  })

  it('shares what goes over four by time, and the explanation says so', async () => {
    const [before, after] = [await day('2026-06-04'), await day('2026-06-05')]
    expect([before.text, after.text]).toEqual(['100 steps', '300 steps'])
    expect(before.intervals).toMatchObject([
      { share: 0.25, reason: 'counts; 25 % of its time is on this day' },
    ])
    expect((await home.run(['explain', 'steps', '2026-06-05'])).stdout).toContain(
      '75 %, the rest on another day',
    )
  })
})
