/** Which app and device a record comes from. Package names stay the same over languages and updates of an app. */
import { type DeviceClass, normaliseSource, type Source } from '../../records/index.ts'
import type { ExportDatabase, Row } from '../sqlite-copy.ts'
import { codeOf } from './codes.ts'

/** Apps that many people have, as they call themselves. */
const apps: Readonly<Record<string, string>> = {
  'com.android.healthconnect.controller': 'Health Connect',
  'com.fitbit.FitbitMobile': 'Fitbit',
  'com.garmin.android.apps.connectmobile': 'Garmin Connect',
  'com.google.android.apps.fitness': 'Google Fit',
  'com.google.android.apps.healthdata': 'Health Connect',
  'com.health.openscale': 'openScale',
  'com.huami.watch.hmwatchmanager': 'Zepp',
  'com.myfitnesspal.android': 'MyFitnessPal',
  'com.ouraring.oura': 'Oura',
  'com.sec.android.app.shealth': 'Samsung Health',
  'com.strava': 'Strava',
  'com.whoop.android': 'WHOOP',
  'com.withings.wiscale2': 'Withings',
  'jp.co.omron.healthcare.omron_connect': 'OMRON connect',
  'nodomain.freeyourgadget.gadgetbridge': 'Gadgetbridge',
}

/** Device.DeviceType, where it names a class of the dictionary. */
const classes: Readonly<Record<number, DeviceClass>> = {
  1: 'watch',
  2: 'phone',
  3: 'scale',
  4: 'ring',
  6: 'band',
}

interface Device {
  readonly name: string
  readonly deviceClass: DeviceClass | undefined
}

export class Sources {
  readonly #apps = new Map<unknown, string>()
  readonly #devices = new Map<unknown, Device>()
  readonly #known = new Map<string, Source>()

  constructor(database: ExportDatabase) {
    const { tables } = database
    if (tables.includes('application_info_table')) {
      for (const row of database.rows('application_info_table')) this.#apps.set(row['row_id'], appName(row))
    }
    if (tables.includes('device_info_table')) {
      for (const row of database.rows('device_info_table')) this.#devices.set(row['row_id'], deviceOf(row))
    }
  }

  /** The same object for equal sources. */
  of(row: Row): Source {
    const app = this.#apps.get(row['app_info_id']) ?? 'Health Connect'
    const device = this.#devices.get(row['device_info_id'])
    const key = `${app}\0${device?.name ?? ''}\0${device?.deviceClass ?? ''}`
    let source = this.#known.get(key)
    if (!source) {
      source = normaliseSource({ name: app, device: device?.name ?? '' })
      if (device?.deviceClass !== undefined) source = { ...source, deviceClass: device.deviceClass }
      this.#known.set(key, source)
    }
    return source
  }
}

function appName(row: Row): string {
  const id = textIn(row, 'package_name')
  return (Object.hasOwn(apps, id) ? apps[id] : undefined) ?? (id || textIn(row, 'app_name'))
}

/** `Google` and `Pixel Watch` → `Google Pixel Watch`; a model that begins with its maker stays as it is. */
function deviceOf(row: Row): Device {
  const maker = textIn(row, 'manufacturer')
  const model = textIn(row, 'model')
  const isNamed = model.toLowerCase().startsWith(maker.toLowerCase())
  return {
    name: isNamed ? model : `${maker} ${model}`.trim(),
    deviceClass: classes[codeOf(row['device_type'])],
  }
}

export function textIn(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value.trim() : ''
}
