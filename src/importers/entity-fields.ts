/** Fields of an entity from texts that may be empty. */
import type { EntityFields, JsonValue } from '../records/index.ts'

/** Those that say something: no empty texts, no null, no empty lists. */
export function statedFields(fields: Readonly<Record<string, JsonValue | undefined>>): EntityFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): (readonly [string, JsonValue])[] => {
      if (value === undefined || value === null) return []
      const plain = typeof value === 'string' ? value.trim() : value
      const isEmpty = plain === '' || (Array.isArray(plain) && plain.length === 0)
      return isEmpty ? [] : [[name, plain]]
    }),
  )
}
