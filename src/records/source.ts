/**
 * Source names, normalised. Identity and series rest on the result, so the rules are frozen under a version: a
 * change of rules is a new version with a migration, never an edit.
 *
 * Version 1: Unicode NFC; every kind of blank (no-break, thin, figure) is one space, runs of blanks are one,
 * none at the ends; typographic apostrophes and quotes are plain; control, bidirectional and zero-width
 * characters go. Of an Apple device string only the name counts (else the model, else the maker): the memory
 * address in it changes with every export, hardware and software with every update. A version of the source
 * therefore never takes part.
 */
import { type DeviceClass, deviceClasses, type Source } from './observation.ts'

export interface SourceText {
  /** Application, account or device name as the file says. */
  readonly name: string
  /** Never part of the identity; accepted so that callers need not pick. */
  readonly version?: string | undefined
  /** Device string: a name, or Apple's `<<HKDevice: 0x…>, name:…, …>`. */
  readonly device?: string | undefined
}

/** The source that a file's names stand for. Idempotent. */
export function normaliseSource(text: SourceText): Source {
  const app = plainName(text.name)
  const device = deviceName(text.device ?? '')
  return { device, app, deviceClass: deviceClassOf(device, app) }
}

/** How a source is called towards people: `Watch (Health)`, `Withings`, `manual`, `unknown`. */
export function sourceLabel(source: Source): string {
  const { device, app } = source
  if (device === '' || device === app) return app === '' ? 'unknown' : app
  return app === '' ? device : `${device} (${app})`
}

/** Position in the default order of priority: lower wins. */
export function deviceClassRank(deviceClass: DeviceClass): number {
  return deviceClasses.indexOf(deviceClass)
}

/** Guesses the class from normalised names. A phone that merely relays a wearable's app counts as the wearable. */
export function deviceClassOf(device: string, app: string): DeviceClass {
  if (app === 'manual') return 'manual'
  const byDevice = classByName(device)
  if (byDevice !== undefined && byDevice !== 'phone') return byDevice
  const byApp = classByName(app)
  if (byApp !== undefined) return byApp
  if (byDevice !== undefined) return byDevice
  return device === '' && app === '' ? 'unknown' : 'app'
}

/** Tried in order; product lines as their makers spell them. */
const classPatterns: readonly (readonly [DeviceClass, RegExp])[] = [
  [
    'medical',
    /omron|dexcom|libre|contour|accu-?chek|onetouch|medtronic|guardian|qardio|kardia|alivecor|beurer|microlife|masimo|nonin|\bbpm (core|connect)|glucomet|oximeter|blood pressure monitor|holter|hospital|clinic/i,
  ],
  ['ring', /\bring\b|\boura\b|ultrahuman|ringconn/i],
  [
    'watch',
    /watch|garmin|forerunner|f[eē]nix|vivoactive|\bvenu\b|versa|ionic|\bpolar\b|suunto|coros|amazfit|scanwatch|steel hr/i,
  ],
  ['band', /\bband\b|fitbit|whoop|vivosmart|vivofit|\bcharge \d|\binspire\b|jawbone/i],
  ['scale', /scale\b|\bbody(\+| cardio| comp| scan)|\baria\b|\bindex s\d/i],
  ['phone', /iphone|ipad|\bphone\b|android|\bpixel\b|galaxy [sa]\d/i],
]

function classByName(name: string): DeviceClass | undefined {
  return classPatterns.find(([, pattern]) => pattern.test(name))?.[0]
}

const appleDevice = /^<+HKDevice: 0x[0-9a-f]+>?,? ?/i
const appleField =
  /(?:^|, )(name|manufacturer|model|hardware|firmware|software|localIdentifier|FDA UDI|UDIDeviceIdentifier|creation date):/

function deviceName(text: string): string {
  const plain = plainName(text)
  if (!appleDevice.test(plain))
    return plain
      .replaceAll(/\b0x[0-9a-f]{6,16}\b/gi, '')
      .replaceAll(/ {2,}/g, ' ')
      .trim()
  // The separator itself may stand inside a value (`hardware:Watch6,7`), so fields are cut at their known names.
  const pieces = plain.replace(appleDevice, '').replace(/>$/, '').split(appleField)
  const fields = new Map<string, string>()
  for (let i = 1; i + 1 < pieces.length; i += 2)
    fields.set(pieces[i] as string, (pieces[i + 1] as string).trim())
  for (const field of ['name', 'model', 'manufacturer']) {
    const value = fields.get(field)
    if (value !== undefined && value !== '' && value !== '(null)') return value
  }
  return ''
}

function plainName(text: string): string {
  return text
    .replaceAll(/[\u2018\u2019\u201b\u02bc\u00b4\uff07]/g, "'")
    .replaceAll(/[\u201c\u201d\u201f\uff02]/g, '"')
    .replaceAll(/\s/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .normalize('NFC')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}
