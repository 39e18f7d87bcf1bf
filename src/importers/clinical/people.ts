/**
 * Whose records these are. A vault belongs to one person; bulk exports can hold a group, and one person has a Patient
 * of its own at every provider. Patients who differ in birth date or family name are different people: the first one
 * read is taken for the person, and what belongs to others is refused.
 */
import { type Element, elementOf, elementsOf, textOf } from '../../fhir/index.ts'
import type { Intake } from '../intake.ts'

interface Person {
  readonly birthDate: string | undefined
  readonly family: string | undefined
}

const maxPatients = 100_000

export class People {
  #first: Person | undefined
  readonly #others = new Set<string>()
  readonly #intake: Intake

  constructor(intake: Intake) {
    this.#intake = intake
  }

  /** Takes note of a Patient; `names` are the references that mean it. */
  learn(patient: Element, names: readonly string[]): void {
    const person = {
      birthDate: textOf(patient['birthDate']),
      family: textOf(elementOf(patient['name'])['family'])?.toLowerCase(),
    }
    if (!this.#first) {
      this.#first = person
      return
    }
    if (isSame(this.#first, person) || this.#others.size >= maxPatients) return
    if (this.#others.size === 0) {
      this.#intake.note(
        'the input holds records of several people: those of the first Patient were taken, the others refused',
      )
    }
    for (const name of names) this.#others.add(name)
  }

  /** Whether a Patient, by one of its names, is somebody else. */
  isOther(names: readonly string[]): boolean {
    return names.some((name) => this.#others.has(name))
  }

  /** Whether the resource belongs to somebody else. */
  ownsNot(resource: Element): boolean {
    if (this.#others.size === 0) return false
    const subject = elementOf(resource['subject'] ?? resource['patient'] ?? resource['beneficiary'])
    const reference = textOf(subject['reference'])
    return reference !== undefined && this.isOther(namesOfReference(reference))
  }

  /** Offers date of birth and sex to the profile. */
  offer(patient: Element, where: string): void {
    const birthDate = textOf(patient['birthDate'])
    if (birthDate !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(birthDate)) {
      this.#intake.offer({ field: 'dateOfBirth', value: birthDate, where })
    }
    const gender = textOf(patient['gender'])?.toLowerCase()
    if (gender === 'female' || gender === 'male' || gender === 'other') {
      this.#intake.offer({ field: 'sex', value: gender, where })
    }
  }
}

/** A fact that only one of both tells does not set them apart. */
function isSame(a: Person, b: Person): boolean {
  const differ = (x: string | undefined, y: string | undefined) =>
    x !== undefined && y !== undefined && x !== y
  return !differ(a.birthDate, b.birthDate) && !differ(a.family, b.family)
}

/** A reference as written, and its last `Type/id` where it is an address or names a version. */
export function namesOfReference(reference: string): readonly string[] {
  const relative = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(\/_history\/[^/]+)?$/.exec(reference)?.[1]
  return relative === undefined || relative === reference ? [reference] : [reference, relative]
}

/** The references that mean a resource. */
export function namesOfResource(resource: Element, fullUrl: string | undefined): readonly string[] {
  const id = textOf(resource['id'])
  const type = textOf(resource['resourceType']) ?? ''
  return [
    ...(id === undefined ? [] : [`${type}/${id}`, `urn:uuid:${id}`]),
    ...(fullUrl === undefined ? [] : namesOfReference(fullUrl)),
  ]
}

/** Whether this program wrote the Patient. */
export function isOwnPatient(patient: Element): boolean {
  return elementsOf(patient['identifier']).some(({ system }) => system === 'urn:healthmate:person')
}
