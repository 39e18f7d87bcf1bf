/**
 * Where measurements came from: a Device per source and Provenance for the observations of a source.
 *
 * A source has a device (hardware) and an application; each is a Device of its own, so that two applications that
 * read one watch name one watch. The person typing is no device.
 */
import { absent, coded, concept, type FhirContext, resource } from './context.ts'
import { fhirInstantText, fhirString } from './text.ts'
import type { Reference, Resource, SourceInput } from './types.ts'

/** The Devices of a source: its hardware, then its application; none for what the person typed by hand. */
export function sourceDevices(source: SourceInput, context: FhirContext): readonly Resource[] {
  const devices: Resource[] = []
  const hardware = fhirString(source.device)
  if (hardware !== undefined) {
    devices.push(device(hardwareId(source, context), hardware, source.deviceClass))
  }
  const application = applicationName(source)
  if (application !== undefined) {
    devices.push(device(applicationId(application, context), application, 'application software'))
  }
  return devices
}

/** The Device that an Observation names: the hardware, else the application, else nothing. */
export function sourceDeviceReference(source: SourceInput, context: FhirContext): Reference | undefined {
  if (fhirString(source.device) !== undefined) return context.reference('Device', hardwareId(source, context))
  const application = applicationName(source)
  return application === undefined
    ? undefined
    : context.reference('Device', applicationId(application, context))
}

/** Observations per Provenance: enough to keep the share small, few enough to hold in memory. */
export const provenanceTargets = 1000

/** Says which device measured and which application recorded `targets`, or that the person entered them. */
export function sourceProvenance(
  options: {
    readonly source: SourceInput
    readonly targets: readonly Reference[]
    readonly recordedIso: string
  },
  context: FhirContext,
): Resource {
  const { source, targets } = options
  const agents: object[] = []
  const application = applicationName(source)
  if (application !== undefined) {
    agents.push(
      agent('assembler', 'Assembler', context.reference('Device', applicationId(application, context))),
    )
  }
  if (fhirString(source.device) !== undefined) {
    agents.push(agent('author', 'Author', context.reference('Device', hardwareId(source, context))))
  }
  if (agents.length === 0) agents.push(agent('enterer', 'Enterer', context.patient))
  const first = targets[0]?.reference ?? ''
  const recorded = fhirInstantText(options.recordedIso)
  return resource('Provenance', context.id('Provenance', `${sourceKey(source)}\0${first}`), {
    target: targets,
    recorded,
    _recorded: recorded === undefined ? absent() : undefined,
    agent: agents,
  })
}

function device(id: string, name: string, kind: string): Resource {
  return resource('Device', id, {
    deviceName: [{ name, type: 'user-friendly-name' }],
    type: kind === 'unknown' ? undefined : concept(kind),
  })
}

function agent(code: string, display: string, who: Reference): object {
  return { type: coded('participantType', code, display), who }
}

function applicationName(source: SourceInput): string | undefined {
  return source.app === 'manual' ? undefined : fhirString(source.app)
}

function hardwareId(source: SourceInput, context: FhirContext): string {
  return context.id('Device', `hardware\0${source.deviceClass}\0${source.device}`)
}

function applicationId(application: string, context: FhirContext): string {
  return context.id('Device', `application\0${application}`)
}

/** One text per source. */
export function sourceKey(source: SourceInput): string {
  return `${source.deviceClass}\0${source.device}\0${source.app}`
}
