/** Which zone gives local times their offset: `--tz`, the export's, the person's setting or this computer's with a note. */

import { ZoneOffsets } from '../foundation/index.ts'
import type { ImportOptions } from './importer.ts'
import type { Remarks } from './remarks.ts'

export class ZoneChoice {
  readonly #options: ImportOptions
  readonly #remarks: Remarks
  readonly #byName = new Map<string, ZoneOffsets>()

  constructor(options: ImportOptions, remarks: Remarks) {
    this.#options = options
    this.#remarks = remarks
  }

  /** Names of the zones that were chosen so far. */
  get chosen(): readonly string[] {
    return [...this.#byName.keys()]
  }

  /** Fails with USAGE for a name that is no zone. */
  choose(ofExport: string | undefined): ZoneOffsets {
    const { zone, defaultZone, defaultZoneIsSet } = this.#options
    const stated = zone ?? ofExport
    if (stated !== undefined) return this.#offsets(stated)
    const name = defaultZone ?? 'UTC'
    const setIt = 'healthmate config set time-zone ZONE'
    const taken = defaultZoneIsSet
      ? `${name}, your time-zone setting; --tz ZONE takes another, ${setIt} changes it`
      : `${name}${defaultZone === undefined ? '' : ', the zone of this computer'}; --tz ZONE takes another, ${setIt} one for all`
    this.#remarks.noteOnce(`no local zone was stated: local times and days are those of ${taken}`)
    return this.#offsets(name)
  }

  #offsets(name: string): ZoneOffsets {
    let offsets = this.#byName.get(name)
    if (!offsets) {
      offsets = new ZoneOffsets(name)
      this.#byName.set(name, offsets)
    }
    return offsets
  }
}
