/** The adapters. A new one is its folder and one line here. */
import { Failure, nearestNames } from '../foundation/index.ts'
import { appleHealth } from './apple-health/index.ts'
import { cCda } from './c-cda/index.ts'
import { csv } from './csv/index.ts'
import { dexcomClarity } from './dexcom-clarity/index.ts'
import { fhir } from './fhir/index.ts'
import { fitbit } from './fitbit/index.ts'
import { gadgetbridge } from './gadgetbridge/index.ts'
import { garminConnect } from './garmin-connect/index.ts'
import { garminFit } from './garmin-fit/index.ts'
import { googleFit } from './google-fit/index.ts'
import { gpx } from './gpx/index.ts'
import { healthConnect } from './health-connect/index.ts'
import { hl7v2 } from './hl7v2/index.ts'
import { iHealth } from './ihealth/index.ts'
import type { Importer } from './importer.ts'
import { libreview } from './libreview/index.ts'
import { mediKeep } from './medikeep/index.ts'
import { medTimer } from './medtimer/index.ts'
import { nightscout } from './nightscout/index.ts'
import { omron } from './omron/index.ts'
import { openMHealth } from './open-mhealth/index.ts'
import { openScale } from './openscale/index.ts'
import { oura } from './oura/index.ts'
import { samsungHealth } from './samsung-health/index.ts'
import { tcx } from './tcx/index.ts'
import { tidepool } from './tidepool/index.ts'
import { withings } from './withings/index.ts'

export const importers: readonly Importer[] = [
  appleHealth,
  cCda,
  csv,
  dexcomClarity,
  fhir,
  fitbit,
  gadgetbridge,
  garminConnect,
  garminFit,
  googleFit,
  gpx,
  healthConnect,
  hl7v2,
  iHealth,
  libreview,
  medTimer,
  mediKeep,
  nightscout,
  omron,
  openMHealth,
  openScale,
  oura,
  samsungHealth,
  tcx,
  tidepool,
  withings,
]

/** The adapter with this name. Fails with USAGE, naming the nearest. */
export function importerByName(name: string): Importer {
  const found = importers.find((importer) => importer.name === name)
  if (found) return found
  const [nearest] = nearestNames(name.slice(0, 40), ['auto', ...importers.map((importer) => importer.name)])
  throw new Failure('USAGE', `"${name.slice(0, 40)}" is no import format`, {
    hint:
      nearest === undefined
        ? 'healthmate import formats'
        : `Did you mean ${nearest}? healthmate import formats lists all.`,
  })
}
