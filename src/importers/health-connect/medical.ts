/** Medical records that apps gave to Health Connect: FHIR R4 resources, taken as those of any FHIR file. */
import { isElement } from '../../fhir/index.ts'
import { ResourceIntake } from '../clinical/resource-intake.ts'
import type { Intake } from '../intake.ts'
import type { ExportDatabase } from '../sqlite-copy.ts'
import { stops } from '../whole-member.ts'
import { textIn } from './sources.ts'
import { medicalTable } from './tables.ts'

export class MedicalRecords {
  readonly #database: ExportDatabase
  readonly #intake: Intake

  constructor(database: ExportDatabase, intake: Intake) {
    this.#database = database
    this.#intake = intake
  }

  async read(): Promise<void> {
    const resources = new ResourceIntake(this.#intake)
    for (const { resource } of this.#resources()) if (resource) resources.learn(resource)
    for (const { where, text, resource } of this.#resources()) {
      if (resource) await resources.take(resource, { where, text: () => text, keepsSource: true })
      else if (this.#intake.begin(1))
        this.#intake.refuse(where, 'it is no FHIR resource', text.slice(0, 4000), 'REFUSED_INPUT')
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return
    }
    resources.settle()
  }

  *#resources() {
    let number = 0
    for (const row of this.#database.rows(medicalTable)) {
      const text = textIn(row, 'fhir_data')
      const where = `${medicalTable}#${++number}`
      yield { where, text, resource: resourceOf(text) }
    }
  }
}

function resourceOf(text: string) {
  try {
    const value: unknown = JSON.parse(text)
    return isElement(value) && typeof value['resourceType'] === 'string' ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
