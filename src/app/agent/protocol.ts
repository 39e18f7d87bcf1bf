/**
 * What crosses the agent's socket: one JSON document a line, UTF-8.
 *
 * A client sends one request and reads lines until `view`, `failure` or `status`; any number of `progress` and `notice` lines may
 * come before. Views are what the screen shows; keys and passphrases never cross, in either direction.
 */
import { exitCodeByFailureCode, Failure, type FailureCode } from '../../foundation/index.ts'
import type { JsonValue } from '../../records/index.ts'

export interface UseCaseRequest {
  readonly useCase: string
  readonly args: JsonValue
  readonly options: RequestOptions
}

export interface RequestOptions {
  readonly progress: boolean
  /** Settings that the client's environment makes (`HEALTHMATE_UNITS_SYSTEM`); no other variable crosses. */
  readonly environment: Readonly<Record<string, string>>
}

export interface ControlRequest {
  readonly control: 'status' | 'lock'
}

export type AgentRequest = UseCaseRequest | ControlRequest

export interface AgentStatus {
  readonly pid: number
  readonly vaultPath: string
  /** ISO 8601. */
  readonly unlockedAt: string
  /** When it locks at the latest, and when it locks unless it is used before. */
  readonly locksAtLatest: string
  readonly locksIfIdle: string
}

export interface ProgressLine {
  readonly done: number
  readonly total: number | null
  readonly what: string
}

export interface FailureLine {
  readonly code: string
  readonly message: string
  readonly hint: string | null
}

export type AgentReply =
  | { readonly progress: ProgressLine }
  | { readonly notice: string }
  | { readonly view: JsonValue }
  | { readonly failure: FailureLine }
  | { readonly status: AgentStatus }

const settingVariable =
  /^HEALTHMATE_(UNITS_[A-Z0-9_]+|DAY_START|TIME_ZONE|REGION|INBOX_HOLD|SOURCES_PRIORITY)$/

/** The variables that change what a use case answers. */
export function settingVariables(environment: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (typeof value === 'string' && settingVariable.test(name)) kept[name] = value
  }
  return kept
}

/** A request holds what a person types or a few hundred records, never samples. */
export const maxRequestBytes = 8 * 1024 * 1024
export const maxReplyBytes = 64 * 1024 * 1024

export function failureLine(error: unknown): FailureLine {
  if (error instanceof Failure) return { code: error.code, message: error.message, hint: error.hint ?? null }
  const kind = error instanceof Error ? error.name : typeof error
  return {
    code: 'INTERNAL',
    message: `something went wrong inside the unlock agent: ${kind}`,
    hint: 'healthmate lock',
  }
}

export function lineFailure(line: FailureLine): Failure {
  const code = line.code in exitCodeByFailureCode ? (line.code as FailureCode) : 'INTERNAL'
  return new Failure(code, line.message, line.hint === null ? {} : { hint: line.hint })
}

/** Cuts a byte stream into lines of at most `maxBytes`. */
export class LineReader {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The whole lines that this chunk completes. Fails with USAGE when a line grows too long. */
  push(chunk: Buffer): readonly string[] {
    const lines: string[] = []
    let rest = chunk
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      this.#add(rest.subarray(0, end))
      lines.push(Buffer.concat(this.#parts).toString('utf8'))
      this.#parts = []
      this.#length = 0
      rest = rest.subarray(end + 1)
    }
    this.#add(rest)
    return lines
  }

  #add(part: Buffer): void {
    this.#length += part.length
    if (this.#length > this.#maxBytes) {
      throw new Failure('USAGE', `a message of more than ${this.#maxBytes} bytes for the unlock agent`, {
        hint: 'Give the command fewer records at once.',
      })
    }
    if (part.length > 0) this.#parts.push(part)
  }
}
