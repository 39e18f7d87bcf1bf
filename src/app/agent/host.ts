/**
 * The unlock agent: a process that holds one vault's keys for a while and runs whole use cases for its owner's
 * commands (docs/architecture.md, "Keys and unlocking"; security.md 4.7).
 *
 * It locks when idle, when its absolute time is over, when asked, when the computer slept, and when the vault's file
 * was replaced or removed. It runs `append` and `read` use cases; `admin` ones (keys, leaving data) always need the
 * secret anew. Requests run one after another.
 */
import { lstatSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { type Clock, Failure } from '../../foundation/index.ts'
import type { JsonValue } from '../../records/index.ts'
import type { Progress } from '../context.ts'
import type { Scope } from '../use-case.ts'
import { findAgentAt } from './probe.ts'
import {
  type AgentReply,
  type AgentRequest,
  type AgentStatus,
  failureLine,
  LineReader,
  maxRequestBytes,
  type RequestOptions,
  settingVariables,
  type UseCaseRequest,
} from './protocol.ts'

export type LockReason =
  | 'asked'
  | 'idle'
  | 'time-over'
  | 'slept'
  | 'vault-replaced'
  | 'program-replaced'
  | 'ended'

/** What a use case gets to run with, beside its arguments. */
export interface HostedRun {
  readonly progress: Progress
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  readonly notice: (text: string) => void
  /** The client's settings from its environment. */
  readonly environment: Readonly<Record<string, string>>
}

export interface AgentHostParts {
  readonly socketPath: string
  readonly vaultPath: string
  readonly clock: Clock
  readonly idleMs: number
  readonly absoluteMs: number
  /** The scope of a use case, or undefined where there is none of that name. */
  readonly scopeOf: (useCase: string) => Scope | undefined
  readonly runUseCase: (name: string, args: JsonValue, parts: HostedRun) => Promise<JsonValue>
  /** Forgets the keys and closes the vault. Called once. */
  readonly forget: () => void
  /** How often time and file are looked at. */
  readonly tickMs?: number
}

export interface AgentHost {
  /** Settles when the agent has locked and its socket is gone. */
  readonly locked: Promise<LockReason>
  lock(reason: LockReason): void
}

export const defaultIdleMs = 15 * 60 * 1000
export const maxAbsoluteMs = 8 * 60 * 60 * 1000
const defaultTickMs = 5000
/** A tick that comes so late means that the computer slept. */
const sleepSlackMs = 60_000

/** Listens. Fails with EXISTS where an agent listens already, with IO where the socket's place is taken. */
export async function startAgentHost(parts: AgentHostParts): Promise<AgentHost> {
  await clearStaleSocket(parts.socketPath)
  const host = new Host(parts)
  await host.listen()
  return host
}

/** A socket of ours that nobody listens on is left from a crash; anything else is not ours to remove. */
async function clearStaleSocket(socketPath: string): Promise<void> {
  if (process.platform === 'win32') return
  const found = lstatSync(socketPath, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket() || found.uid !== process.geteuid?.()) {
    throw new Failure('IO', `${socketPath} is in the way: it is not a socket of yours`, {
      hint: `ls -l ${socketPath}`,
    })
  }
  if (await findAgentAt(socketPath)) {
    throw new Failure('EXISTS', 'the vault is unlocked already', { hint: 'healthmate lock' })
  }
  rmSync(socketPath, { force: true })
}

class Host implements AgentHost {
  readonly locked: Promise<LockReason>
  readonly #parts: AgentHostParts
  readonly #server: Server
  readonly #connections = new Set<Socket>()
  readonly #startMs: number
  readonly #vaultIdentity: string
  #settle: (reason: LockReason) => void = () => {}
  #lastUseMs: number
  #lastTickMs: number
  #timer: NodeJS.Timeout | undefined
  #queue: Promise<void> = Promise.resolve()
  #running = 0
  #over = false

  constructor(parts: AgentHostParts) {
    this.#parts = parts
    this.#startMs = parts.clock.nowMs()
    this.#lastUseMs = this.#startMs
    this.#lastTickMs = this.#startMs
    this.#vaultIdentity = fileIdentity(parts.vaultPath)
    this.locked = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#server = createServer((socket) => this.#accept(socket))
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(listenFailure(error, this.#parts.socketPath)),
      )
      this.#server.listen(this.#parts.socketPath, () => {
        this.#timer = setInterval(() => this.#tick(), this.#parts.tickMs ?? defaultTickMs)
        resolve()
      })
    })
  }

  lock(reason: LockReason): void {
    this.#end(reason, () => {})
  }

  /** Closing takes the socket's name away at once, so whoever hears the last words may take its place. */
  #end(reason: LockReason, lastWords: () => void): void {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#timer)
    this.#parts.forget()
    this.#server.close(() => this.#settle(reason))
    lastWords()
    for (const socket of this.#connections) socket.end()
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket)
    const gone = new AbortController()
    const lines = new LineReader(maxRequestBytes)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#connections.delete(socket)
      gone.abort()
    })
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) this.#receive(line, socket, gone.signal)
      } catch (error) {
        send(socket, { failure: failureLine(error) })
        socket.end()
      }
    })
  }

  #receive(line: string, socket: Socket, signal: AbortSignal): void {
    const request = parseRequest(line)
    if ('control' in request) {
      const answer = (): void => send(socket, { status: this.#status() })
      if (request.control === 'lock') this.#end('asked', answer)
      else answer()
      return
    }
    this.#queue = this.#queue.then(() => this.#answer(request, socket, signal))
  }

  async #answer(request: UseCaseRequest, socket: Socket, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    this.#running++
    try {
      this.#refuse(request.useCase)
      const progress = progressTo(socket, request.options.progress)
      const notice = (text: string): void => send(socket, { notice: text })
      const run: HostedRun = { progress, signal, notice, environment: request.options.environment }
      const view = await this.#parts.runUseCase(request.useCase, request.args, run)
      send(socket, { view })
    } catch (error) {
      send(socket, { failure: failureLine(programReplaced(error) ?? error) })
      if (programReplaced(error)) this.lock('program-replaced')
    }
    this.#running--
    this.#lastUseMs = this.#parts.clock.nowMs()
  }

  /** What is over, unknown or too powerful is refused before it runs. */
  #refuse(useCase: string): void {
    this.#tick()
    if (this.#over)
      throw new Failure('VAULT_LOCKED', 'the vault was locked meanwhile', { hint: 'healthmate unlock' })
    const scope = this.#parts.scopeOf(useCase)
    if (scope === undefined) throw new Failure('USAGE', `the unlock agent knows no "${useCase.slice(0, 40)}"`)
    if (scope !== 'append' && scope !== 'read') {
      throw new Failure(
        'VAULT_LOCKED',
        `"${useCase}" is not for the unlock agent: it needs the passphrase anew`,
        {
          hint: 'Give the passphrase again, or use --passphrase-file.',
        },
      )
    }
  }

  #tick(): void {
    const nowMs = this.#parts.clock.nowMs()
    const late = nowMs - this.#lastTickMs > (this.#parts.tickMs ?? defaultTickMs) + sleepSlackMs
    this.#lastTickMs = nowMs
    // A long use case blocks the timer as sleep does; only an idle process can tell them apart.
    if (late && this.#running === 0) this.lock('slept')
    else if (nowMs - this.#startMs >= this.#parts.absoluteMs) this.lock('time-over')
    else if (this.#running === 0 && nowMs - this.#lastUseMs >= this.#parts.idleMs) this.lock('idle')
    else if (fileIdentity(this.#parts.vaultPath) !== this.#vaultIdentity) this.lock('vault-replaced')
  }

  #status(): AgentStatus {
    const iso = (ms: number): string => new Date(ms).toISOString()
    const latestMs = this.#startMs + this.#parts.absoluteMs
    return {
      pid: process.pid,
      vaultPath: this.#parts.vaultPath,
      unlockedAt: iso(this.#startMs),
      locksAtLatest: iso(latestMs),
      locksIfIdle: iso(Math.min(latestMs, this.#lastUseMs + this.#parts.idleMs)),
    }
  }
}

/** A use case's code is loaded when it is first asked for; an update of the program takes it away. */
function programReplaced(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND')
    return undefined
  return new Failure('VAULT_LOCKED', 'the program was replaced while the unlock agent ran', {
    hint: 'healthmate unlock',
    cause: error,
  })
}

/** Device and inode: another file under the same name is another vault. */
function fileIdentity(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? 'missing' : `${found.dev}:${found.ino}`
}

function listenFailure(error: NodeJS.ErrnoException, socketPath: string): Failure {
  if (error.code === 'EADDRINUSE') {
    return new Failure('EXISTS', 'the vault is unlocked already', { hint: 'healthmate lock', cause: error })
  }
  return new Failure('IO', `the unlock agent cannot listen on ${socketPath} (${error.code})`, {
    hint: 'Set XDG_RUNTIME_DIR to a folder of your own on this computer.',
    cause: error,
  })
}

function parseRequest(line: string): AgentRequest {
  const wrong = new Failure('USAGE', 'the unlock agent got a message it does not understand', {
    hint: 'healthmate lock',
  })
  let request: unknown
  try {
    request = JSON.parse(line)
  } catch {
    throw wrong
  }
  if (typeof request !== 'object' || request === null) throw wrong
  if ('control' in request) {
    if (request.control === 'status' || request.control === 'lock') return { control: request.control }
    throw wrong
  }
  if (!('useCase' in request) || typeof request.useCase !== 'string' || !('args' in request)) throw wrong
  return { useCase: request.useCase, args: request.args as JsonValue, options: parseOptions(request) }
}

function parseOptions(request: object): RequestOptions {
  const options = 'options' in request ? request.options : undefined
  if (typeof options !== 'object' || options === null) return { progress: false, environment: {} }
  const environment = 'environment' in options ? options.environment : undefined
  return {
    progress: 'progress' in options && options.progress === true,
    environment:
      typeof environment === 'object' && environment !== null ? settingVariables({ ...environment }) : {},
  }
}

function progressTo(socket: Socket, wanted: boolean): Progress {
  if (!wanted) return { update: () => {}, end: () => {} }
  return {
    update: (done, total, what) => send(socket, { progress: { done, total: total ?? null, what } }),
    end: () => {},
  }
}

function send(socket: Socket, reply: AgentReply): void {
  if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
}
