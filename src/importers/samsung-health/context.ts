/** What is known over all files of a Samsung Health export: devices, which details are there, which nights have stages. */
import { normaliseSource, type Source } from '../../records/index.ts'
import type { Intake } from '../intake.ts'
import type { DaySpan } from '../local-days.ts'
import { Measurements, type Place } from '../measurements.ts'
import { allDevicesGroup } from './codes.ts'
import type { SamsungRow } from './row.ts'

const app = 'Samsung Health'
const ownPackage = /^(com\.sec\.android\.app\.shealth|com\.samsung\..*)?$/
const maxText = 200
const maxSources = 1000

/** Labels are in order of rank: a day's total of all devices covers everything else that adds up. */
const total = appSource(app)
const bins = appSource(`${app}/10 min`)
const activities = appSource(`${app}/exercise`)

/** The row that a file of details belongs to. */
export interface DetailOrigin {
  readonly dataType: string
  readonly column: string
  readonly source: Source
  /** NaN where the row states none. */
  readonly offsetMin: number
  /** Kind of exercise. */
  readonly sport?: string
  /** The day whose parts are in the file. */
  readonly day?: DaySpan
}

export class SamsungContext {
  readonly intake: Intake
  readonly measurements: Measurements
  readonly total = total
  readonly bins = bins
  readonly activities = activities
  /** `datauuid` of sleeps whose stages are in the export. */
  readonly stagedSleeps = new Set<string>()
  readonly #detailNames: ReadonlySet<string>
  readonly #origins = new Map<string, DetailOrigin>()
  readonly #devices = new Map<string, { readonly title: string; readonly isAll: boolean }>()
  readonly #sources = new Map<string, Source>()

  constructor(intake: Intake, detailNames: ReadonlySet<string>) {
    this.intake = intake
    this.measurements = new Measurements(intake)
    this.#detailNames = detailNames
  }

  /** A row of `device_profile`. */
  addDevice(row: SamsungRow): void {
    const id = row.text('deviceuuid')
    const title = [row.text('name'), row.text('model')].find((text) => text !== '') ?? ''
    const isAll = row.text('device_group') === allDevicesGroup
    if (id !== '') this.#devices.set(id, { title: title.slice(0, maxText), isAll })
  }

  /** Whether a row stands for all devices together. */
  isOfAllDevices(row: SamsungRow): boolean {
    return this.#devices.get(row.text('deviceuuid'))?.isAll === true || row.text('source_info') !== ''
  }

  /** Readings bear the device and the application that wrote them. */
  reading(row: SamsungRow): Source {
    const from = row.text('pkg_name')
    const name = ownPackage.test(from) ? app : `${app}/${from.slice(0, maxText)}`
    const device = this.#title(row)
    return this.#source(`reading ${name} ${device}`, () => normaliseSource({ name, device }))
  }

  /** What one device counted: `day`s and shorter intervals are sources of their own, behind the total. */
  counter(row: SamsungRow, of: 'device' | 'minutes'): Source {
    const id = row.text('deviceuuid')
    const name = `${app}/${of} ${this.#title(row) || id.slice(0, maxText)}`.trim()
    return this.#source(name, () => appSource(name))
  }

  /** Whether the file that a column names is in the export; it is then read with what the row says. */
  hasDetail(row: SamsungRow, column: string, origin: Omit<DetailOrigin, 'column'>): boolean {
    const name = row.text(column)
    if (!this.#detailNames.has(name)) return false
    this.#origins.set(name, { ...origin, column })
    return true
  }

  originOf(name: string): DetailOrigin | undefined {
    return this.#origins.get(name)
  }

  /** Minutes east of UTC: the person's zone, else what the row states, else this computer's zone. */
  offsetAt(ms: number, statedMin: number): number {
    const isStated = this.intake.options.zone === undefined && Number.isFinite(statedMin)
    return isStated ? statedMin : this.intake.zone().at(Number.isFinite(ms) ? ms : 0)
  }

  /** From the start of a row to its end, where it has one and is a span; NaN where its start cannot be read. */
  span(row: SamsungRow, isSpan = true): DaySpan {
    const startMs = row.instant('start_time')
    const endMs = isSpan ? row.instant('end_time') : Number.NaN
    const durationMs = Number.isFinite(endMs) ? endMs - startMs : 0
    return { startMs, durationMs, offsetMin: this.offsetAt(startMs, row.statedOffsetMin) }
  }

  /** A row whose other columns say more is kept beside its values. */
  keepRow(dataType: string, startMs: number, row: SamsungRow, place: Place): void {
    if (!this.intake.begin(0)) return
    const when = Number.isFinite(startMs) ? startMs : null
    this.intake.keep(typeName(dataType), place.where(), when, () => row.json)
  }

  #title(row: SamsungRow): string {
    return this.#devices.get(row.text('deviceuuid'))?.title ?? ''
  }

  /** Sources are compared by identity further on. */
  #source(key: string, make: () => Source): Source {
    let source = this.#sources.get(key)
    if (!source) {
      source = make()
      if (this.#sources.size < maxSources) this.#sources.set(key, source)
    }
    return source
  }
}

/** `com.samsung.shealth.tracker.heart_rate` → `samsung-health tracker.heart_rate`. */
export function typeName(dataType: string): string {
  return `samsung-health ${dataType.replace(/^com\.samsung\.s?health\./, '')}`.slice(0, 80)
}

/** All of one export are of one class, so that their rank is that of their labels, whatever a device is called. */
function appSource(name: string): Source {
  return { ...normaliseSource({ name }), deviceClass: 'app' }
}
