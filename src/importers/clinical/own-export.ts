/** What `export fhir` writes so that reading it back gives the same observations (docs/formats/fhir.md). */
import {
  type Element,
  elementOf,
  elementsOf,
  extensionUrls,
  isElement,
  leavesAsFhir,
  textOf,
} from '../../fhir/index.ts'
import { Failure } from '../../foundation/index.ts'
import {
  deviceClasses,
  deviceClassOf,
  type EntityFields,
  type EntityType,
  type Extra,
  entityTypes,
  type Source,
  textToExtra,
} from '../../records/index.ts'

const application = 'application software'

/** The parts of an extra that the elements of the resource do not say, from JSON; none where it is malformed. */
export function identityOf(text: string | undefined): Extra {
  if (text === undefined) return {}
  try {
    return textToExtra(text)
  } catch (cause) {
    if (cause instanceof Failure) return {}
    throw cause
  }
}

/** An entry of our own export as its vault held it. */
export interface OwnEntity {
  readonly type: EntityType
  readonly id: string
  readonly fields: EntityFields
}

const idPattern = /^[0-9a-zA-Z_.-]{1,64}$/

/** The entry that a resource of our own export was made from; undefined where it says none, or is malformed. */
export function ownEntity(resource: Element): OwnEntity | undefined {
  const extension = elementsOf(resource['extension']).find(({ url }) => url === extensionUrls.record)
  // As written: `textOf` would cut it.
  const text = extension?.['valueString']
  if (typeof text !== 'string') return undefined
  const [type, id, fields] = parsedList(text)
  const known = entityTypes.find((one) => one === type)
  if (known === undefined || !ownTypes.has(known) || typeof id !== 'string' || !idPattern.test(id)) {
    return undefined
  }
  return isElement(fields) ? { type: known, id, fields: fields as EntityFields } : undefined
}

/** Types that an export may bring: settings and histories belong to the vault that they are in. */
const ownTypes: ReadonlySet<EntityType> = new Set(entityTypes.filter((type) => leavesAsFhir(type)))

function parsedList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch (cause) {
    if (cause instanceof SyntaxError) return []
    throw cause
  }
}

/** The name and kind of a Device. */
export interface NamedDevice {
  readonly name: string
  readonly kind: string
}

export function namedDevice(resource: Element): NamedDevice | undefined {
  const name =
    textOf(elementOf(resource['deviceName'])['name']) ??
    textOf(elementOf(resource['device'])['display']) ??
    textOf(resource['model']) ??
    textOf(resource['modelNumber'])
  const kind = elementOf(resource['type'])
  const words = textOf(kind['text']) ?? textOf(elementsOf(kind['coding'])[0]?.['display'])
  return name === undefined ? undefined : { name, kind: words ?? '' }
}

/** The source of an Observation of our own export. */
export function ownSource(
  device: NamedDevice | undefined,
  app: string | undefined,
  enteredByPerson: boolean,
): Source {
  if (device === undefined) {
    const name = app ?? (enteredByPerson ? 'manual' : '')
    return { device: '', app: name, deviceClass: deviceClassOf('', name) }
  }
  if (device.kind === application) {
    return { device: '', app: device.name, deviceClass: deviceClassOf('', device.name) }
  }
  const stated = deviceClasses.find((one) => one === device.kind)
  return {
    device: device.name,
    app: app ?? '',
    deviceClass: stated ?? (device.kind === '' ? 'unknown' : deviceClassOf(device.name, app ?? '')),
  }
}
