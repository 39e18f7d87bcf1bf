/** Names of time zones (IANA time zone database), as people type them. */
import { nearestNames } from './nearest-names.ts'

/** Names alone: what some calendars also take for a zone, such as `+02:00`, knows no change of clocks. */
const namePattern = /^[a-z][\w+-]*(?:\/[\w+-]+){0,2}$/i
const maxLength = 60
const maxNear = 3

/** The zone that is meant, spelled as its list does; undefined where no zone has this name. */
export function zoneName(text: string): string | undefined {
  const typed = text.trim()
  if (typed.length > maxLength || !namePattern.test(typed)) return undefined
  const listed = zoneNames().find((name) => name.toLowerCase() === typed.toLowerCase())
  if (listed !== undefined) return listed
  try {
    // Older names of zones are known but not listed.
    new Intl.DateTimeFormat('en-US', { timeZone: typed })
    return typed
  } catch {
    return undefined
  }
}

/** Zones whose name, or whose place alone (`Berlin`), is near to what was typed, nearest first. */
export function nearestZones(text: string): readonly string[] {
  const typed = text.trim().slice(0, maxLength).toLowerCase().replaceAll(' ', '_')
  const zonesByKey = new Map<string, string>()
  for (const zone of zoneNames()) {
    const key = zone.toLowerCase()
    zonesByKey.set(key, zone)
    zonesByKey.set(key.slice(key.lastIndexOf('/') + 1), zone)
  }
  const placeTyped = typed.slice(typed.lastIndexOf('/') + 1)
  const keys = [...zonesByKey.keys()]
  const near = [...nearestNames(typed, keys, maxNear), ...nearestNames(placeTyped, keys, maxNear)]
  return [...new Set(near.flatMap((key) => zonesByKey.get(key) ?? []))].slice(0, maxNear)
}

function zoneNames(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}
