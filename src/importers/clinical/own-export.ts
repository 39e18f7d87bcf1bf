/** What `export fhir` writes so that reading it back gives the same observations (docs/formats/fhir.md). */
import { type Element, elementOf, elementsOf, textOf } from '../../fhir/index.ts'
import { Failure } from '../../foundation/index.ts'
import { deviceClasses, deviceClassOf, type Extra, type Source, textToExtra } from '../../records/index.ts'

const application = 'application software'

/** The parts of an extra that belong to its identity, from their canonical JSON; none where it is malformed. */
export function identityOf(text: string | undefined): Extra {
  if (text === undefined) return {}
  try {
    const { key, original, originalTime, originalOffsetMin } = textToExtra(text)
    return {
      ...(key === undefined ? {} : { key }),
      ...(original === undefined ? {} : { original }),
      ...(originalTime === undefined ? {} : { originalTime }),
      ...(originalOffsetMin === undefined ? {} : { originalOffsetMin }),
    }
  } catch (cause) {
    if (cause instanceof Failure) return {}
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
