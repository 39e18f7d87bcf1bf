import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { type ImportOptions, openInput, runImport } from '../../../../src/importers/index.ts'
import { sharedDataPath } from '../../../shared-data.ts'
import { inputOf, memberOf, RememberingSink, settled } from '../harness.ts'

function trkpt(time: string, extensions = ''): string {
  const at = time === '' ? '' : `<time>${time}</time>`
  return `<trkpt lat="1" lon="2"><ele>3</ele>${at}<extensions>${extensions}</extensions></trkpt>\n`
}

const extension = (inner: string) => `<ns3:TrackPointExtension>${inner}</ns3:TrackPointExtension>`

function gpx(points: string, type = 'running', creator = 'Garmin Connect'): string {
  return `<?xml version="1.0"?>
<gpx version="1.1" creator="${creator}" xmlns="http://www.topografix.com/GPX/1/1" xmlns:ns3="x">
<metadata><time>2020-01-01T00:00:00Z</time></metadata><wpt lat="1" lon="2"><name>home</name></wpt>
<trk><name>Run</name>${type === '' ? '' : `<type>${type}</type>`}<trkseg>
${points}</trkseg></trk></gpx>`
}

async function importGpx(text: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  const sink = new RememberingSink()
  const report = await runImport({
    input: inputOf(memberOf('run.gpx', [Buffer.from(text)])),
    importer: 'gpx',
    sink,
    options: { importId: 'i', zone: 'UTC', ...options },
  })
  expect(settled(report)).toBe(report.read)
  return { report, sink }
}

const t0 = '2026-01-02T08:00:00Z'
const t1 = '2026-01-02T08:10:00.000Z'

describe('a GPX track', () => {
  it('becomes heart rates, cadences of its sport and a workout from its first to its last point', async () => {
    const points = trkpt(t0, extension('<ns3:hr>120</ns3:hr><ns3:cad>80</ns3:cad>')) + trkpt(t1)
    const { report, sink } = await importGpx(gpx(points))
    expect(report.byMetric).toEqual({ cadence_running: 1, heart_rate: 1, workout: 1 })
    expect(report.unmapped).toEqual({ trkpt: 1 })
    const start = Date.UTC(2026, 0, 2, 8)
    const keys = [...sink.rows.keys()]
    expect(keys).toContain(`workout|s|Garmin/GPX||${start}|600000|600`)
    expect(keys).toContain(`cadence_running|/min|Garmin||${start}|0|160`)
    expect(report.from).toBe('2026-01-02T08:00:00+00:00')
  })

  it('counts a heart rate once that several extensions state, and notes when they differ', async () => {
    const points =
      trkpt(t0, `<heartrate>89</heartrate>${extension('<ns3:hr>89</ns3:hr>')}`) +
      trkpt(t1, `<heartrate>90</heartrate>${extension('<ns3:hr>95</ns3:hr>')}`)
    const { report } = await importGpx(gpx(points, '', 'Amazfit'))
    expect(report).toMatchObject({ merged: 2, byMetric: { heart_rate: 2, workout: 1 } })
    expect(report.notes).toContain('a point states two values of heart_rate: the first was taken')
  })

  it('takes power and speed of a ride', async () => {
    const points = trkpt(t0, '<power>0</power><speed>7.5</speed><cad>90</cad>') + trkpt(t1)
    const { report } = await importGpx(gpx(points, 'cycling', 'Edge 530'))
    expect(report.byMetric).toEqual({ cadence_cycling: 1, cycling_power: 1, cycling_speed: 1, workout: 1 })
  })

  it('of a route without times is kept as a file', async () => {
    const { report } = await importGpx(gpx(trkpt('') + trkpt('', extension('<ns3:hr>120</ns3:hr>'))))
    expect(report).toMatchObject({
      imported: 0,
      refused: 1,
      unmapped: { trkpt: 1 },
      kept: { 'activity-file': 1 },
    })
    expect(report.refusals[0]).toMatchObject({ where: 'run.gpx:6', code: 'DATE' })
  })

  it('is read up to the place where it is cut off', async () => {
    const whole = gpx(trkpt(t0, extension('<ns3:hr>120</ns3:hr>')) + trkpt(t1))
    const { report } = await importGpx(whole.slice(0, whole.indexOf('</trkseg>')))
    expect(report.byMetric).toEqual({ heart_rate: 1, workout: 1 })
    expect(report.refusals).toHaveLength(1)
  })
})

describe('hostile GPX', () => {
  it('ends in a report when it is cut anywhere or bytes are flipped', async () => {
    const bytes = Buffer.from(gpx(trkpt(t0, extension('<ns3:hr>120</ns3:hr>')) + trkpt(t1)))
    const ends = async (any: Uint8Array) => {
      try {
        await importGpx(any)
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause
      }
    }
    for (let length = 0; length <= bytes.length; length += 5) await ends(bytes.subarray(0, length))
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

const files = ['garmin', 'amazfit', 'runs-2067489619', 'runs-6782987395']

describe.each(files)('the real track %s.gpx', (name) => {
  const path = sharedDataPath('tcx-gpx', 'sports-lib', `${name}.gpx`)
  it.skipIf(!path)('gives every heart rate, and a second time nothing', async () => {
    const counts = (
      JSON.parse(readFileSync(sharedDataPath('COUNTS.json') as string, 'utf8')) as Record<string, unknown>
    )[`tcx-gpx/sports-lib/${name}.gpx`] as { hr_points: number; trkpt: number }
    const sink = new RememberingSink()
    const options = { importId: 'i', zone: 'UTC' }
    const read = async () =>
      runImport({ input: await openInput([path as string]), importer: 'auto', sink, options })
    const report = await read()
    expect(settled(report)).toBe(report.read)
    expect((report.byMetric['heart_rate'] ?? 0) + report.merged).toBe(counts.hr_points)
    expect(report.byMetric['workout']).toBe(1)
    expect(report.refusals).toEqual([])
    expect((await read()).imported).toBe(0)
  })
})
