/** Ids of changes and of what else the engine makes. */
import type { Engine } from './engine.ts'

const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

/** 26 characters of Crockford base32 at random. */
export function newId(engine: Engine): string {
  let id = ''
  for (const byte of engine.store.deps.random.bytes(26)) id += base32[byte & 31]
  return id
}
