/** Reads Training Center files (Garmin TrainingCenterDatabase v2, ActivityExtension v2). */
import { deviceSources, garminDevice, isGarminDevice } from '../activity-sources.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements } from '../measurements.ts'
import { memberLabel, readMembers } from '../member-chunks.ts'
import { instantOf, looksLikeRoot, readTrackFile, shortestFloat, xmlNumber } from '../track-file.ts'
import type { ElementHandler } from '../xml/element-events.ts'
import { ActivityPoints, type LapTotals, type TcxActivity, takeActivity } from './map.ts'

export const isTcx = (head: Uint8Array) => looksLikeRoot(head, /<(\w+:)?TrainingCenterDatabase[\s>]/)

export async function readTcx(input: OpenedInput, intake: Intake): Promise<void> {
  const measurements = new Measurements(intake)
  await readMembers(input, intake, {
    what: 'TCX file',
    hint: 'In Garmin Connect: an activity, the gear, Export to TCX.',
    recognises: async (_name, head) => isTcx(await head()),
    read: (member, totalBytes) => readMember(member, totalBytes, intake, measurements),
  })
}

async function readMember(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  measurements: Measurements,
): Promise<void> {
  const file = { kind: 'activity-file', mediaType: 'application/vnd.garmin.tcx+xml' }
  const handler = new TcxHandler(memberLabel(member.name), intake, measurements)
  await readTrackFile(member, totalBytes, intake, file, handler)
  // Of a file that is cut off: the activity that was never closed.
  if (!intake.interrupted) handler.endActivity()
}

/** Follows the elements of a TCX file. */
class TcxHandler implements ElementHandler {
  readonly #label: string
  readonly #intake: Intake
  readonly #measurements: Measurements
  readonly #path: string[] = []
  #activity: TcxActivity | null = null
  #lap: LapTotals | null = null

  constructor(label: string, intake: Intake, measurements: Measurements) {
    this.#label = label
    this.#intake = intake
    this.#measurements = measurements
  }

  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    this.#path.push(name)
    if (name === 'Activity') {
      this.endActivity()
      this.#activity = {
        sport: attributes['Sport'] ?? '',
        device: '',
        startMs: Number.NaN,
        line,
        laps: [],
        points: new ActivityPoints(),
      }
    } else if (name === 'Lap' && this.#activity) {
      this.#lap = {
        startMs: instantOf(attributes['StartTime'] ?? ''),
        seconds: Number.NaN,
        meters: Number.NaN,
        calories: Number.NaN,
      }
      this.#activity.laps.push(this.#lap)
    } else if (name === 'Trackpoint') this.#activity?.points.begin(line)
  }

  close(name: string, text: string): void {
    this.#path.pop()
    const activity = this.#activity
    if (!activity) return
    const parent = this.#path.at(-1)
    if (parent === 'Trackpoint' || parent === 'HeartRateBpm' || parent === 'TPX')
      this.#pointField(name, parent, text)
    else if (parent === 'Lap') this.#lapField(name, text)
    else if (name === 'Id' && parent === 'Activity') activity.startMs = instantOf(text)
    else if (name === 'Name' && parent === 'Creator') activity.device = text.slice(0, 200)
    else if (name === 'Activity') this.endActivity()
    if (activity.points.isFull) this.#flushPoints()
  }

  /** Gives everything of the open activity its outcome. */
  endActivity(): void {
    const activity = this.#activity
    if (!activity) return
    this.#activity = null
    this.#lap = null
    this.#take(activity, true)
  }

  /** More points than are held back for the device's name, which stands behind them. */
  #flushPoints(): void {
    if (this.#activity) this.#take(this.#activity, false)
  }

  #take(activity: TcxActivity, isWhole: boolean): void {
    const { device } = activity
    const sources = isGarminDevice(device)
      ? deviceSources('Garmin', garminDevice(device), 'TCX')
      : deviceSources('TCX', device, '')
    takeActivity(
      { intake: this.#intake, measurements: this.#measurements, label: this.#label },
      activity,
      sources,
      isWhole,
    )
  }

  #pointField(name: string, parent: string, text: string): void {
    const points = this.#activity?.points
    if (!points) return
    if (name === 'Time' && parent === 'Trackpoint') points.set('ms', instantOf(text))
    // Averages of a lap are written alike, but outside of track points.
    else if (name === 'Value' && this.#path.at(-2) === 'Trackpoint') points.set('heartRate', xmlNumber(text))
    else if (name === 'Cadence' && parent === 'Trackpoint') points.set('cadence', xmlNumber(text))
    else if (name === 'RunCadence') points.set('cadence', xmlNumber(text))
    else if (name === 'Watts') points.set('power', xmlNumber(text))
    else if (name === 'Speed') points.set('speed', shortestFloat(xmlNumber(text)))
  }

  #lapField(name: string, text: string): void {
    const lap = this.#lap
    if (!lap) return
    if (name === 'TotalTimeSeconds') lap.seconds = xmlNumber(text)
    else if (name === 'DistanceMeters') lap.meters = shortestFloat(xmlNumber(text))
    else if (name === 'Calories') lap.calories = xmlNumber(text)
  }
}
