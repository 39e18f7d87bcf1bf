/**
 * Failures: every expected fault of the program, by code.
 *
 * A failure states what happened, carries the exit code of the command-line contract and a hint: the
 * command that mends it. It never carries a value of the person's record nor key material. Anything thrown
 * that is not a `Failure` is a bug and ends with exit code 1.
 */

/** Failure code → process exit code (docs/exit-codes.md). */
export const exitCodeByFailureCode = {
  /** An input or output operation of the system failed (disk full, permission, unreadable file). */
  IO: 1,
  /** A broken invariant of the program itself. */
  INTERNAL: 1,
  /** The command line, an option or an argument is wrong. */
  USAGE: 2,
  /** A metric name is not in the catalogue. */
  UNKNOWN_METRIC: 2,
  /** A unit is missing where several are common, or is not one the metric accepts. */
  UNIT: 2,
  /** A value is outside the hard bounds of its metric, or no number. */
  VALUE: 2,
  /** A date or period cannot be read. */
  DATE: 2,
  /** There is already something at the place where a new thing should go. */
  EXISTS: 2,
  /** Part of the input was refused; the rest was kept. */
  REFUSED_INPUT: 3,
  /** The operation needs an unlocked vault. */
  VAULT_LOCKED: 4,
  /** No key slot opens with the secret that was given. */
  WRONG_PASSPHRASE: 4,
  /** There is no vault at this place. */
  VAULT_MISSING: 5,
  /** Nothing matches. */
  NOT_FOUND: 5,
  /** Authentication or integrity of stored bytes failed. */
  DAMAGED: 6,
  /** The vault is older than the head anchor outside it says it was. */
  ROLLED_BACK: 6,
  /** The vault or a part of it was written by a newer program, or asks for less than the compiled floor. */
  UNSUPPORTED_FORMAT: 6,
  /** Network or remote service. */
  NETWORK: 7,
  /** The person or a consent setting said no. */
  DECLINED: 8,
  /** Interrupted by the person. */
  INTERRUPTED: 130,
} as const

export type FailureCode = keyof typeof exitCodeByFailureCode

export interface FailureOptions {
  /** The command that mends it, or what to do next; one line. */
  readonly hint?: string
  readonly cause?: unknown
}

/** An expected fault. `message` is one short sentence: what failed and why. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly hint: string | undefined

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Failure'
    this.code = code
    this.hint = options.hint
  }

  get exitCode(): number {
    return exitCodeByFailureCode[this.code]
  }
}

/** Throws an INTERNAL failure when an invariant does not hold. `reason` names the invariant. */
export function assert(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new Failure('INTERNAL', `invariant broken: ${reason}`)
}
