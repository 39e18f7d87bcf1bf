/** Going through the members of an input: what every adapter of small files does alike. */
import { Failure } from '../foundation/index.ts'
import type { InputMember, OpenedInput } from './importer.ts'
import type { Intake } from './intake.ts'
import { stops } from './whole-member.ts'

export interface MemberReader {
  /** `Dexcom Clarity export`, for the failure. */
  readonly what: string
  readonly hint: string
  recognises(name: string, head: () => Promise<Uint8Array>): Promise<boolean>
  read(member: InputMember, totalBytes: number | null): Promise<void>
}

/** Reads the members that the format recognises. Fails with REFUSED_INPUT when there is none. */
export async function readMembers(input: OpenedInput, intake: Intake, reader: MemberReader): Promise<void> {
  let found = 0
  for (const member of input.members) {
    if (!(await reader.recognises(member.name, member.head))) {
      intake.note(`${member.name.slice(0, 100)} is not read: it is no ${reader.what}`)
      continue
    }
    found++
    await reader.read(member, input.totalBytes)
    if (intake.full) intake.flush()
    if (intake.interrupted || stops(intake)) return
  }
  if (found > 0) return
  throw new Failure('REFUSED_INPUT', `there is no ${reader.what} in the input`, { hint: reader.hint })
}

/**
 * The chunks of a member. What a consumer made of a chunk may be written before the next one comes, and here reading
 * stops when the person asks. A damaged zip member ends with a complaint; what came before the damage is kept.
 */
export async function* memberChunks(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of member.stream()) {
      intake.progress(chunk.length, totalBytes)
      yield chunk
      if (intake.full) intake.flush()
      if (stops(intake)) return
    }
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    intake.complain({ where: memberLabel(member.name), reason: cause.message, raw: '', code: cause.code })
  }
}

/** The last part of a member's name. */
export function memberLabel(name: string): string {
  return name.split('/').at(-1) ?? name
}
