/** People of a scale: a vault takes the weighings of one of them. */
import type { Intake } from '../intake.ts'
import type { ExportDatabase, Row } from '../sqlite-copy.ts'
import { isWhose } from '../whose.ts'

const maxTold = 10
const maxName = 40

interface User {
  readonly name: string
  readonly row: Row
  readonly table: string
}

export class ScaleUsers {
  readonly #intake: Intake
  readonly #users = new Map<unknown, User>()
  /** Users that have weighings. */
  readonly #weighed = new Set<unknown>()

  constructor(database: ExportDatabase, intake: Intake) {
    this.#intake = intake
    for (const [table, column] of [
      ['scaleUsers', 'username'],
      ['User', 'name'],
    ] as const) {
      if (!database.tables.includes(table)) continue
      for (const row of database.rows(table)) {
        const name = typeof row[column] === 'string' ? row[column].trim().slice(0, maxName) : ''
        this.#users.set(row['id'], { name, row, table })
      }
    }
    for (const table of ['scaleMeasurements', 'Measurement']) {
      if (!database.tables.includes(table)) continue
      for (const row of database.rows(table)) if (row['enabled'] !== 0) this.#weighed.add(row['userId'])
    }
    const { whose } = intake.options
    if (whose !== undefined && [...this.#weighed].some((id) => this.#isWhose(whose, id))) intake.others.meet()
  }

  /** Why a user's weighings are not taken; '' when they are. */
  faultOf(userId: unknown): string {
    const { whose } = this.#intake.options
    if (whose !== undefined && this.#isWhose(whose, userId)) return ''
    if (whose === undefined && this.#weighed.size <= 1) return ''
    const list = [...this.#weighed]
      .slice(0, maxTold)
      .map((id) => `${id} ${this.#users.get(id)?.name ?? ''}`.trim())
    return whose === undefined
      ? `the file holds several people (${list.join(', ')}): say --whose NAME`
      : `it belongs to another person (${list.join(', ')})`
  }

  /** Offers the birth date and sex of the person whose weighings were taken. */
  offer(): void {
    const taken = [...this.#weighed].filter((id) => this.faultOf(id) === '')
    const user = this.#users.get(taken[0])
    if (taken.length !== 1 || !user) return
    const where = user.table
    const birth = user.row['birthday'] ?? user.row['birthDate']
    if (typeof birth === 'number' && Math.abs(birth) < 8e12) {
      const local = birth + this.#intake.zone().at(birth) * 60_000
      this.#intake.offer({ field: 'dateOfBirth', value: new Date(local).toISOString().slice(0, 10), where })
    }
    const { gender } = user.row
    if (gender === 0 || gender === 'MALE') this.#intake.offer({ field: 'sex', value: 'male', where })
    if (gender === 1 || gender === 'FEMALE') this.#intake.offer({ field: 'sex', value: 'female', where })
  }

  #isWhose(whose: string, userId: unknown): boolean {
    return isWhose(whose, [String(userId), this.#users.get(userId)?.name])
  }
}
