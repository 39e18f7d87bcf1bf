import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { type ImportOptions, openInput, runImport } from '../../../../src/importers/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { inputOf, memberOf, RememberingSink, settled } from '../harness.ts'

function point(time: string, inner: string): string {
  return `<Trackpoint><Time>${time}</Time>${inner}</Trackpoint>`
}

const hr = (value: string) => `<HeartRateBpm><Value>${value}</Value></HeartRateBpm>`

function tcx(sport: string, track: string, creator = 'Forerunner 945'): string {
  return `  <?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ns3="x">
<Activities><Activity Sport="${sport}"><Id>2026-01-02T08:00:00Z</Id>
<Lap StartTime="2026-01-02T08:00:00Z"><TotalTimeSeconds>60.5</TotalTimeSeconds><DistanceMeters>200</DistanceMeters>
<Calories>12</Calories><AverageHeartRateBpm><Value>99</Value></AverageHeartRateBpm><Track>
${track}
</Track></Lap><Lap StartTime="2026-01-02T08:01:00Z"><TotalTimeSeconds>30</TotalTimeSeconds></Lap>
${creator === '' ? '' : `<Creator><Name>${creator}</Name></Creator>`}</Activity></Activities></TrainingCenterDatabase>`
}

async function importTcx(text: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  const sink = new RememberingSink()
  const report = await runImport({
    input: inputOf(memberOf('run.tcx', [Buffer.from(text)])),
    importer: 'tcx',
    sink,
    options: { importId: 'i', zone: 'UTC', ...options },
  })
  expect(settled(report)).toBe(report.read)
  return { report, sink }
}

const speedAndCadence =
  '<Extensions><ns3:TPX><ns3:Speed>1.4459999799728394</ns3:Speed><ns3:RunCadence>80</ns3:RunCadence></ns3:TPX></Extensions>'

describe('a TCX activity', () => {
  it('becomes readings, a workout and its distance, under the device that stands behind them', async () => {
    const track =
      point('2026-01-02T08:00:00Z', hr('120') + speedAndCadence) +
      point('2026-01-02T08:00:01.000Z', '<Position><LatitudeDegrees>1</LatitudeDegrees></Position>')
    const { report, sink } = await importTcx(tcx('Running', track))
    expect(report.byMetric).toEqual({
      cadence_running: 1,
      distance_walking_running: 1,
      heart_rate: 1,
      running_speed: 1,
      workout: 1,
    })
    expect(report.unmapped).toEqual({ Trackpoint: 1 })
    expect(report.kept).toEqual({ 'activity-file': 1 })
    const keys = [...sink.rows.keys()]
    const start = Date.UTC(2026, 0, 2, 8)
    expect(keys).toContain(`heart_rate|/min|Garmin|Garmin Forerunner 945|${start}|0|120`)
    // The device's own number, not the noise of its float.
    expect(keys).toContain(`running_speed|m/s|Garmin|Garmin Forerunner 945|${start}|0|1.446`)
    expect(keys).toContain(`cadence_running|/min|Garmin|Garmin Forerunner 945|${start}|0|160`)
    expect(keys).toContain(`workout|s|Garmin/TCX|Garmin Forerunner 945|${start}|90500|90.5`)
    expect([...sink.rows.values()].join()).toContain('"totalCalories":"12 kcal"')
  })

  it('takes power and cadence of a ride; coasting is a power of zero', async () => {
    const tpx = '<Extensions><TPX><Watts>0</Watts></TPX></Extensions>'
    const track = point('2026-01-02T08:00:00Z', `<Cadence>85</Cadence>${tpx}`)
    const { report } = await importTcx(tcx('Biking', track, ''))
    expect(report.byMetric).toMatchObject({
      cadence_cycling: 1,
      cycling_power: 1,
      distance_cycling: 1,
      workout: 1,
    })
  })

  it('refuses a point without a time and a number that is none, with their lines', async () => {
    const track = `${hr('1')}\n<Trackpoint>${hr('120')}</Trackpoint>\n${point('2026-01-02T08:00:00Z', hr('fast'))}`
    const { report } = await importTcx(tcx('Other', track))
    expect(report.refusals.map(({ where, code }) => [where, code])).toEqual([
      ['run.tcx:7', 'DATE'],
      ['run.tcx:8', 'VALUE'],
    ])
  })

  it('refuses an activity without any duration', async () => {
    const text =
      '<TrainingCenterDatabase><Activities><Activity Sport="Running"><Id>2026-01-02T08:00:00Z</Id></Activity></Activities></TrainingCenterDatabase>'
    const { report } = await importTcx(text)
    expect(report.refusals).toMatchObject([{ reason: 'it has no duration' }])
  })

  it('keeps what comes before the end of a file that is cut off', async () => {
    const whole = tcx(
      'Running',
      point('2026-01-02T08:00:00Z', hr('120')) + point('2026-01-02T08:00:09Z', hr('121')),
    )
    const { report } = await importTcx(whole.slice(0, whole.indexOf('</Track>')))
    expect(report.byMetric).toMatchObject({ heart_rate: 2, workout: 1 })
    expect(report.refusals).toHaveLength(1)
  })

  it('goes on behind what an interrupted import has consumed', async () => {
    const text = tcx('Running', point('2026-01-02T08:00:00Z', hr('120') + speedAndCadence))
    const whole = await importTcx(text)
    const rest = await importTcx(text, { alreadyConsumed: 2 })
    expect(rest.report.read).toBe(whole.report.read - 2)
  })
})

describe('hostile TCX', () => {
  it.each([
    ['deep nesting', `<TrainingCenterDatabase>${'<a>'.repeat(100_000)}`],
    ['a tag without end', `<TrainingCenterDatabase><a ${'b="c" '.repeat(1_000_000)}`],
    ['entities', '<!DOCTYPE x [<!ENTITY a "b">]><TrainingCenterDatabase>&a;</TrainingCenterDatabase>'],
    ['UTF-7', '<?xml version="1.0" encoding="UTF-7"?><TrainingCenterDatabase></TrainingCenterDatabase>'],
  ])('ends in a report that tells of %s', async (_, text) => {
    const { report } = await importTcx(text)
    expect(report.refusals).toHaveLength(1)
    expect(report.read).toBe(0)
  })

  it('without a root is no TCX file', async () => {
    await expect(importTcx('hello')).rejects.toThrow(Failure)
  })

  it('ends in a report when it is cut anywhere or bytes are flipped', async () => {
    const bytes = Buffer.from(tcx('Running', point('2026-01-02T08:00:00Z', hr('120') + speedAndCadence)))
    const ends = async (any: Uint8Array) => {
      try {
        await importTcx(any)
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause
      }
    }
    for (let length = 0; length <= bytes.length; length += 7) await ends(bytes.subarray(0, length))
    const flip = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 5 }), async (flips) => {
        const changed = Uint8Array.from(bytes)
        for (const [at, mask] of flips) changed[at] = (changed[at] as number) ^ mask
        await ends(changed)
      }),
      { numRuns: 150 },
    )
  })
})

const files = ['unknown_example', 'movescount', 'runs-6782987395', 'swim-6688025408', 'runs-1604524853']
const pathOf = (...names: string[]) => sharedDataPath(...names)

describe.each(files)('the real activity %s.tcx', (name) => {
  const path = pathOf('tcx-gpx', 'sports-lib', `${name}.tcx`)
  it.skipIf(!path)('gives every heart rate once', async () => {
    const counts = (
      JSON.parse(readFileSync(pathOf('COUNTS.json') as string, 'utf8')) as Record<string, unknown>
    )[`tcx-gpx/sports-lib/${name}.tcx`] as { trackpoints_with_hr: number; activities: number }
    const sink = new RememberingSink()
    const options = { importId: 'i', zone: 'UTC' }
    const input = await openInput([path as string])
    const report = await runImport({ input, importer: 'auto', sink, options })
    expect(settled(report)).toBe(report.read)
    const rows = sink.chunks.flatMap((chunk) =>
      chunk.blocks.filter(({ series }) => series.metric === 'heart_rate'),
    )
    expect(rows.reduce((sum, { columns }) => sum + columns.length, 0)).toBe(counts.trackpoints_with_hr)
    expect(report.byMetric['workout']).toBe(counts.activities)
    expect(report.refusals).toEqual([])
    const again = await runImport({
      input: await openInput([path as string]),
      importer: 'auto',
      sink,
      options,
    })
    expect(again.imported).toBe(0)
  })
})

describe('one recording as FIT and as TCX', () => {
  const both = [
    pathOf('garmin-fit', 'sports-lib', 'runs-6782987395.fit'),
    pathOf('tcx-gpx', 'sports-lib', 'runs-6782987395.tcx'),
  ]
  it.skipIf(both.includes(undefined))('adds no heart rate, cadence or speed a second time', async () => {
    const sink = new RememberingSink()
    const options = { importId: 'i', zone: 'UTC' }
    const [fit, second] = both as string[]
    await runImport({ input: await openInput([fit as string]), importer: 'auto', sink, options })
    const report = await runImport({
      input: await openInput([second as string]),
      importer: 'auto',
      sink,
      options,
    })
    const { heart_rate, cadence_running, running_speed } = report.byMetric
    expect([heart_rate, cadence_running]).toEqual([undefined, undefined])
    // One point of 4,989 stands in the TCX alone.
    expect(running_speed ?? 0).toBeLessThanOrEqual(1)
  })
})
