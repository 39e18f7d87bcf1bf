/** Whose records are meant where a file or folder holds several people (`--whose`). */
import type { Refusal } from '../records/index.ts'

/** What `--whose` says is a name or number of somebody. Case and blanks at the ends do not matter. */
export function isWhose(stated: string, names: readonly (string | undefined)[]): boolean {
  const wanted = plain(stated)
  return names.some((name) => name !== undefined && plain(name) === wanted)
}

function plain(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
}

/** How a record ends that is turned away: one of them. */
export interface TurningAway {
  skip(records: number): void
  refuse(where: string, reason: string, raw: string, code: Refusal['code']): void
}

/** As many as a report lists. */
const maxWaiting = 1000
const maxRawLength = 200

/**
 * Records of other people. They are skipped when `--whose` names somebody of the input, in whichever file; when nobody
 * there has the name, they are refused, so that nothing is left out by a slip of the pen.
 */
export class OthersRecords {
  readonly #end: TurningAway
  #isMet = false
  #waiting: Omit<Refusal, 'code'>[] = []
  #further = 0

  constructor(end: TurningAway) {
    this.#end = end
  }

  /** The person that `--whose` names is in the input. */
  meet(): void {
    this.#isMet = true
  }

  /** Gives an announced record its outcome, at once or when the input has shown who is in it. */
  turnAway(where: string, reason: string, raw: () => string): void {
    if (this.#isMet) this.#end.skip(1)
    else if (this.#waiting.length >= maxWaiting) this.#further++
    else this.#waiting.push({ where, reason, raw: raw().slice(0, maxRawLength) })
  }

  /** The input has been read, or no more of it will be. */
  settle(): void {
    const [waiting, further] = [this.#waiting, this.#further]
    this.#waiting = []
    this.#further = 0
    if (this.#isMet) this.#end.skip(waiting.length + further)
    else {
      for (const { where, reason, raw } of waiting) this.#end.refuse(where, reason, raw, 'REFUSED_INPUT')
      for (let i = 0; i < further; i++) this.#end.refuse('', '', '', 'REFUSED_INPUT')
    }
  }
}
