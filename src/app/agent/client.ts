/**
 * Talks to the unlock agent. Loads nothing but node:net, so that a command through the agent starts as fast as the
 * process does.
 */
import { lstatSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { Failure } from '../../foundation/index.ts'
import type { JsonValue } from '../../records/index.ts'
import type { Progress } from '../context.ts'
import { agentSocketPath, type Paths } from '../paths.ts'
import {
  type AgentReply,
  type AgentRequest,
  type AgentStatus,
  LineReader,
  lineFailure,
  maxReplyBytes,
  type RequestOptions,
  settingVariables,
} from './protocol.ts'

export interface RunParts {
  /** The settings in it reach the agent, nothing else does. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly progress?: Progress
  readonly signal?: AbortSignal
  /** Told what the agent noticed while it worked. */
  readonly notice?: (text: string) => void
}

export interface AgentClient {
  /** Runs a use case in the agent. Fails as the use case does there. */
  run(useCase: string, args: JsonValue, parts?: RunParts): Promise<JsonValue>
  status(): Promise<AgentStatus>
  /** Ends the agent. */
  lock(): Promise<void>
}

/** A hung agent must not hang every command: without any sign of life for so long, it counts as gone. */
const silenceLimitMs = 10 * 60 * 1000

/** The agent that holds this vault's keys, or undefined. Fails with IO where the socket is not ours alone. */
export async function findAgent(paths: Paths, vaultPath: string): Promise<AgentClient | undefined> {
  const socketPath = agentSocketPath(paths, vaultPath)
  if (!socketIsOurs(socketPath)) return undefined
  const first = await connected(socketPath)
  if (first === undefined) return undefined
  let waiting: Socket | undefined = first
  first.unref()
  const socket = async (): Promise<Socket> => {
    const open = waiting ?? (await connected(socketPath))
    waiting = undefined
    if (open === undefined) throw gone()
    return open.ref()
  }
  return {
    async run(useCase, args, parts = {}) {
      const request: AgentRequest = { useCase, args, options: optionsOf(parts) }
      const reply = await exchange(await socket(), request, parts)
      if ('view' in reply) return reply.view
      throw gone()
    },
    async status() {
      const reply = await exchange(await socket(), { control: 'status' })
      if ('status' in reply) return reply.status
      throw gone()
    },
    async lock() {
      await exchange(await socket(), { control: 'lock' })
    },
  }
}

function optionsOf(parts: RunParts): RequestOptions {
  return { progress: parts.progress !== undefined, environment: settingVariables(parts.environment ?? {}) }
}

/** Whether there is a socket that only we can reach; the folder's mode is the boundary (security.md 4.7). */
export function socketIsOurs(socketPath: string): boolean {
  if (process.platform === 'win32') return true
  const folder = lstatSync(dirname(socketPath), { throwIfNoEntry: false })
  const found = folder === undefined ? undefined : lstatSync(socketPath, { throwIfNoEntry: false })
  if (folder === undefined || found === undefined) return false
  const uid = process.geteuid?.()
  if (!folder.isDirectory() || folder.uid !== uid || (folder.mode & 0o077) !== 0) {
    throw new Failure(
      'IO',
      `${dirname(socketPath)} is a link, belongs to somebody else or is open to others`,
      {
        hint: `ls -ld ${dirname(socketPath)}`,
      },
    )
  }
  if (!found.isSocket() || found.uid !== uid) {
    throw new Failure('IO', `${socketPath} is not a socket of yours`, { hint: `rm ${socketPath}` })
  }
  return true
}

/** An open connection, or undefined where nobody listens any more. */
function connected(socketPath: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      // Errors after this are reported by the exchange; one that comes before it must not end the process.
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined)
      else
        reject(
          new Failure('IO', `the unlock agent cannot be reached (${error.code})`, {
            hint: 'healthmate lock',
            cause: error,
          }),
        )
    })
  })
}

function gone(): Failure {
  return new Failure('VAULT_LOCKED', 'the unlock agent ended', { hint: 'healthmate unlock' })
}

/** Sends one request and waits for its last line; an abort closes the connection, which stops the work there. */
function exchange(
  socket: Socket,
  request: AgentRequest,
  { progress, signal, notice }: RunParts = {},
): Promise<AgentReply> {
  return new Promise((resolve, reject) => {
    const lines = new LineReader(maxReplyBytes)
    const settle = (act: () => void): void => {
      signal?.removeEventListener('abort', abort)
      progress?.end()
      socket.destroy()
      act()
    }
    const abort = (): void => settle(() => reject(new Failure('INTERRUPTED', 'interrupted')))
    signal?.addEventListener('abort', abort)
    socket.setTimeout(silenceLimitMs, () => settle(() => reject(gone())))
    socket.on('close', () => settle(() => reject(gone())))
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) {
          const reply = JSON.parse(line) as AgentReply
          if ('progress' in reply) {
            progress?.update(reply.progress.done, reply.progress.total ?? undefined, reply.progress.what)
          } else if ('notice' in reply) {
            notice?.(reply.notice)
          } else {
            settle(() => ('failure' in reply ? reject(lineFailure(reply.failure)) : resolve(reply)))
          }
        }
      } catch (error) {
        settle(() => reject(error))
      }
    })
    if (signal?.aborted) abort()
    else socket.write(`${JSON.stringify(request)}\n`)
  })
}
