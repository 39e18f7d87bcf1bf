/**
 * Whose records these are. A vault belongs to one person; bulk exports can hold a group, and one person has a Patient
 * of its own at every provider. Patients who differ in birth date or family name are different people. The person is
 * who `--whose` names (what belongs to others is then skipped), else the first Patient read, and what belongs to others is
 * refused. That is one person an import, whatever the formats of its files.
 */
import { type Element, elementOf, elementsOf, textOf } from '../../fhir/index.ts'
import type { Intake } from '../intake.ts'
import { isWhose } from '../whose.ts'
import type { Place } from './place.ts'

interface Person {
  readonly birthDate: string | undefined
  readonly family: string | undefined
  /** As `--whose` and the report call the person. */
  readonly label: string
  /** Whether `--whose` means this Patient. */
  readonly isNamed: boolean
}

const maxPatients = 100_000
/** People who are told apart for the report. */
const maxCompany = 1000
/** People that the report names. */
const maxTold = 6
const maxLabel = 60

/** Who was met in an import, by all readers of clinical formats together. */
interface Company {
  mine: Person | undefined
  /** By what tells people apart and names them. */
  readonly people: Map<string, Person>
}

const companies = new WeakMap<Intake, Company>()

function companyOf(intake: Intake): Company {
  const known = companies.get(intake)
  if (known) return known
  const company: Company = { mine: undefined, people: new Map() }
  companies.set(intake, company)
  return company
}

export class People {
  readonly #company: Company
  /** Who is meant by a reference. Those of two formats are names of different systems. */
  readonly #met = new Map<string, Person>()
  readonly #intake: Intake
  readonly #whose: string | undefined

  constructor(intake: Intake) {
    this.#intake = intake
    this.#company = companyOf(intake)
    this.#whose = intake.options.whose
  }

  /** Takes note of a Patient; `names` are the references that mean it. */
  learn(patient: Element, names: readonly string[]): void {
    const person = this.#personOf(patient)
    const company = this.#company
    if (!company.mine && (this.#whose === undefined || person.isNamed)) company.mine = person
    if (person.isNamed) this.#intake.others.meet()
    if (company.people.size < maxCompany) {
      company.people.set(`${person.label}\0${person.birthDate}\0${person.family}`, person)
    }
    if (this.#met.size >= maxPatients) return
    for (const name of names) this.#met.set(name, person)
  }

  /** Whether a Patient, by one of its names, is somebody else. */
  isOther(names: readonly string[]): boolean {
    return names.some((name) => {
      const person = this.#met.get(name)
      return person !== undefined && this.#isSomebodyElse(person)
    })
  }

  /** The same of the Patient itself, which need not have an id. */
  isOtherPatient(patient: Element): boolean {
    return this.#isSomebodyElse(this.#personOf(patient))
  }

  /** Gives a record of somebody else its outcome: refused, or left out where `--whose` says whose to take. */
  turnAway(place: Place, reason: string): void {
    if (this.#whose === undefined) this.#intake.refuse(place.where, reason, place.text())
    else this.#intake.others.turnAway(place.where, reason, place.text)
  }

  /** Says whose records were taken where there are several people. */
  tell(): void {
    const people = [...this.#company.people.values()]
    if (!people.some((person) => this.#isSomebodyElse(person))) return
    const labels = [...new Set(people.map(({ label }) => label))]
    const named = `${labels.slice(0, maxTold).join('; ')}${labels.length > maxTold ? '; and others' : ''}`
    if (this.#whose === undefined) {
      const taken = this.#company.mine?.label ?? ''
      this.#intake.remarks.noteOn(
        'people',
        `the input holds records of several people (${named}): those of the first Patient (${taken}) were taken, the others refused; --whose NAME takes another's`,
      )
    } else if (this.#company.mine === undefined) {
      const whose = this.#whose.slice(0, maxLabel)
      this.#intake.remarks.noteOn('people', `nobody in the input is called "${whose}": it holds ${named}`)
    } else this.#intake.remarks.noteOn('people', '')
  }

  /** Of people told apart by `--whose`, another Patient is the same only where birth date and family name say so. */
  #isSomebodyElse(person: Person): boolean {
    const { mine } = this.#company
    if (!mine) return this.#whose !== undefined
    if (this.#whose === undefined) return !isSame(mine, person)
    if (person.isNamed) return false
    const { birthDate, family } = mine
    const isKnown = birthDate !== undefined && family !== undefined
    return !(isKnown && birthDate === person.birthDate && family === person.family)
  }

  #personOf(patient: Element): Person {
    const name = elementOf(patient['name'])
    const family = textOf(name['family'])
    const full = textOf(name['text']) ?? [...textsOf(name['given']), family ?? ''].join(' ').trim()
    const birthDate = textOf(patient['birthDate'])
    const id = textOf(patient['id'])
    const numbers = elementsOf(patient['identifier']).map(({ value }) => textOf(value))
    const simple = `${textsOf(name['given'])[0] ?? ''} ${family ?? ''}`
    const names = [full, simple, family, birthDate, id, `Patient/${id ?? ''}`, ...numbers]
    return {
      birthDate,
      family: family?.toLowerCase(),
      label: [full || (id ?? 'somebody without a name'), birthDate ?? ''].join(' ').trim().slice(0, maxLabel),
      isNamed: this.#whose !== undefined && isWhose(this.#whose, names),
    }
  }

  /** Whether the resource belongs to somebody else. */
  ownsNot(resource: Element): boolean {
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

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.flatMap((one) => textOf(one) ?? [])
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
