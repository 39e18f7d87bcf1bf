/**
 * Reads an entity's fields by the names that mean the same, and remembers which were not read, so that an export can
 * say what FHIR does not hold. `birth_date`, `birthDate` and `birth-date` are one name.
 */
import { fhirString } from './text.ts'

export class FieldReader {
  readonly #valuesByName = new Map<string, { readonly field: string; readonly value: unknown }>()
  readonly #unread = new Set<string>()

  constructor(fields: Readonly<Record<string, unknown>>) {
    for (const [field, value] of Object.entries(fields)) {
      if (value === null || value === undefined || value === '') continue
      // The register of removal (an entity that is read is not removed) and the link to what an import kept verbatim.
      if (field === 'deleted' || field === 'sourceRecord') continue
      this.#valuesByName.set(normalise(field), { field, value })
      this.#unread.add(field)
    }
  }

  /** The value under the first of `names` that is there. */
  value(...names: readonly string[]): unknown {
    for (const name of names) {
      const entry = this.#valuesByName.get(normalise(name))
      if (entry === undefined) continue
      this.#unread.delete(entry.field)
      return entry.value
    }
    return undefined
  }

  /** The value as a FHIR `string`. */
  text(...names: readonly string[]): string | undefined {
    return fhirString(this.value(...names))
  }

  number(...names: readonly string[]): number | undefined {
    const value = this.value(...names)
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  }

  /** The value where `read` understands it; otherwise it counts as not read. */
  read<T>(read: (value: unknown) => T | undefined, ...names: readonly string[]): T | undefined {
    for (const name of names) {
      const entry = this.#valuesByName.get(normalise(name))
      const result = entry === undefined ? undefined : read(entry.value)
      if (entry === undefined || result === undefined) continue
      this.#unread.delete(entry.field)
      return result
    }
    return undefined
  }

  /** The value where it is one of `allowed` (compared without case, `_` as `-`). */
  oneOf<Allowed extends string>(
    allowed: readonly Allowed[],
    ...names: readonly string[]
  ): Allowed | undefined {
    return this.read(
      (value) => {
        const word = typeof value === 'string' ? value.trim().toLowerCase().replaceAll('_', '-') : ''
        return allowed.find((candidate) => candidate === word)
      },
      ...names,
    )
  }

  /** Fields with a value that nothing has read. */
  unread(): readonly string[] {
    return [...this.#unread].sort()
  }
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '')
}
