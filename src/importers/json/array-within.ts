/** A member read from an array inside it on, so that each element is a value (`{"data":[…]}`). */
import type { InputMember } from '../importer.ts'

/**
 * The member from the end of the match of `before` (which ends in front of the bracket) in its beginning; undefined where
 * it does not match. What follows the array is not read.
 */
export function arrayWithin(member: InputMember, head: Uint8Array, before: RegExp): InputMember | undefined {
  const text = Buffer.from(head).toString('latin1')
  const match = before.exec(text)
  if (!match) return undefined
  return memberBehind(member, head, match.index + match[0].length)
}

/** The member from a byte of its beginning on. */
export function memberBehind(member: InputMember, head: Uint8Array, skip: number): InputMember {
  return {
    ...member,
    head: async () => head.subarray(skip),
    stream: () => behind(member.stream(), skip),
  }
}

async function* behind(chunks: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip
  for await (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length
    else {
      yield left === 0 ? chunk : chunk.subarray(left)
      left = 0
    }
  }
}
