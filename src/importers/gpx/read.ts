/** Reads GPX 1.0 and 1.1 with the heart rates that extensions add to track points. */
import { type DeviceSources, deviceSources, garminDevice, isGarminDevice } from '../activity-sources.ts'
import { type SportMetrics, snakeCase, sportMetrics } from '../activity-sports.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements } from '../measurements.ts'
import { memberLabel, readMembers } from '../member-chunks.ts'
import {
  instantOf,
  linePlace,
  looksLikeRoot,
  readTrackFile,
  shortestFloat,
  xmlNumber,
} from '../track-file.ts'
import type { ElementHandler } from '../xml/element-events.ts'

export const isGpx = (head: Uint8Array) => looksLikeRoot(head, /<(\w+:)?gpx[\s>]/)

export async function readGpx(input: OpenedInput, intake: Intake): Promise<void> {
  const measurements = new Measurements(intake)
  await readMembers(input, intake, {
    what: 'GPX file',
    hint: 'In Garmin Connect: an activity, the gear, Export to GPX.',
    recognises: async (_name, head) => isGpx(await head()),
    read: (member, totalBytes) => readMember(member, totalBytes, intake, measurements),
  })
}

async function readMember(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  measurements: Measurements,
): Promise<void> {
  const file = { kind: 'activity-file', mediaType: 'application/gpx+xml' }
  const handler = new GpxHandler(memberLabel(member.name), intake, measurements)
  await readTrackFile(member, totalBytes, intake, file, handler)
  if (!intake.interrupted) handler.endTrack()
}

type Reading = 'heartRate' | 'cadence' | 'power' | 'speed'

/** Names that extensions use, in lower case: Garmin TrackPointExtension, Cluetrust, Amazfit, Strava. */
const readingByName: Readonly<Record<string, Reading>> = {
  hr: 'heartRate',
  heartrate: 'heartRate',
  cad: 'cadence',
  cadence: 'cadence',
  runcadence: 'cadence',
  power: 'power',
  watts: 'power',
  powerinwatts: 'power',
  speed: 'speed',
}

interface Point {
  readonly line: number
  ms: number
  /** In the order of the file. */
  readonly readings: (readonly [Reading, number])[]
}

interface Track {
  readonly line: number
  type: string
  firstMs: number
  lastMs: number
}

class GpxHandler implements ElementHandler {
  readonly #label: string
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #path: string[] = []
  #sources: DeviceSources = deviceSources('GPX', '', '')
  #track: Track | null = null
  #point: Point | null = null

  constructor(label: string, intake: Intake, measurements: Measurements) {
    this.#label = label
    this.#intake = intake
    this.#measurements = measurements
  }

  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    this.#path.push(name)
    if (name === 'gpx') this.#sources = sourcesOf(attributes['creator'] ?? '')
    else if (name === 'trk') {
      this.endTrack()
      this.#track = { line, type: '', firstMs: Number.NaN, lastMs: Number.NaN }
    } else if (name === 'trkpt') this.#point = { line, ms: Number.NaN, readings: [] }
  }

  close(name: string, text: string): void {
    this.#path.pop()
    const parent = this.#path.at(-1)
    const point = this.#point
    if (point) {
      if (name === 'trkpt') this.#endPoint(point)
      else if (name === 'time' && parent === 'trkpt') point.ms = instantOf(text)
      else this.#reading(point, name.toLowerCase(), text)
    } else if (name === 'type' && parent === 'trk' && this.#track) this.#track.type = text.slice(0, 100)
    else if (name === 'trk') this.endTrack()
  }

  /** A track with times is a workout from its first to its last point. */
  endTrack(): void {
    const track = this.#track
    this.#track = null
    if (!track) return
    const { firstMs, lastMs, line } = track
    if (!(lastMs > firstMs)) {
      this.#intake.note('a track without times is no workout: it was kept as a file only')
      return
    }
    const sport = snakeCase(track.type)
    const durationMs = lastMs - firstMs
    this.#measurements.take(
      {
        metric: 'workout',
        unit: 's',
        source: this.#sources.activities,
        startMs: firstMs,
        durationMs,
        offsetMin: this.#intake.zone().at(firstMs),
        value: durationMs / 1000,
        extra: sport === '' ? {} : { context: sport },
      },
      linePlace(this.#label, line, track.type),
    )
  }

  #reading(point: Point, name: string, text: string): void {
    const reading = Object.hasOwn(readingByName, name) ? readingByName[name] : undefined
    if (reading === undefined || point.readings.length >= maxReadings) return
    point.readings.push([reading, shortestFloat(xmlNumber(text))])
  }

  #endPoint(point: Point): void {
    this.#point = null
    const track = this.#track
    const { ms } = point
    if (track && Number.isFinite(ms)) {
      if (Number.isNaN(track.firstMs) || ms < track.firstMs) track.firstMs = ms
      if (Number.isNaN(track.lastMs) || ms > track.lastMs) track.lastMs = ms
    }
    if (this.#take(point, sportMetrics(track?.type ?? '')) === 0)
      this.#measurements.unmappedInFile('trkpt', ms)
  }

  /** Gives the values of a point their outcomes; how many there were. */
  #take(point: Point, sport: SportMetrics): number {
    const seen = new Map<Reading, number>()
    let taken = 0
    for (const [reading, written] of point.readings) {
      const [metric, unit, factor] = metricOf(reading, sport)
      const isMeasured = metric === 'cycling_power' ? written >= 0 : !(written <= 0)
      if (metric === undefined || !isMeasured) continue
      taken++
      const before = seen.get(reading)
      if (before !== undefined) {
        // The same value under the names of several extensions.
        if (before !== written)
          this.#intake.note(`a point states two values of ${metric}: the first was taken`)
        this.#measurements.merge()
        continue
      }
      seen.set(reading, written)
      const { ms, line } = point
      const offsetMin = this.#intake.zone().at(Number.isFinite(ms) ? ms : 0)
      this.#measurements.take(
        { metric, unit, source: this.#sources.readings, startMs: ms, offsetMin, value: written * factor },
        linePlace(this.#label, line, `${reading} ${written}`),
      )
    }
    return taken
  }
}

const maxReadings = 20

function metricOf(reading: Reading, sport: SportMetrics): readonly [string | undefined, string, number] {
  if (reading === 'heartRate') return ['heart_rate', '/min', 1]
  if (reading === 'cadence') return [sport.cadence, '/min', sport.cadenceFactor ?? 1]
  if (reading === 'power') return [sport.power, 'W', 1]
  return [sport.speed, 'm/s', 1]
}

function sourcesOf(creator: string): DeviceSources {
  const name = creator.slice(0, 200)
  if (/^garmin connect/i.test(name)) return deviceSources('Garmin', '', 'GPX')
  if (isGarminDevice(name)) return deviceSources('Garmin', garminDevice(name), 'GPX')
  return deviceSources(name || 'GPX', '', '')
}
