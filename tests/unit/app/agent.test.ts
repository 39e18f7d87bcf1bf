import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type AgentClient, findAgent } from '../../../src/app/agent/client.ts'
import { type AgentHost, type AgentHostParts, startAgentHost } from '../../../src/app/agent/host.ts'
import { LineReader, lineFailure, settingVariables } from '../../../src/app/agent/protocol.ts'
import { startAgent } from '../../../src/app/agent/start.ts'
import { agentSocketPath, ensureRuntimeFolder, type Paths } from '../../../src/app/paths.ts'
import { Failure, Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'
import { freshPlaces } from './places.ts'

const uid = process.geteuid?.() ?? -1
const open: AgentHost[] = []
afterEach(() => {
  for (const host of open.splice(0)) host.lock('ended')
})

interface World {
  readonly paths: Paths
  readonly vaultPath: string
  readonly socketPath: string
  readonly time: { nowMs: number }
  readonly host: AgentHost
  readonly forgotten: () => number
  readonly client: () => Promise<AgentClient>
}

async function world(parts: Partial<AgentHostParts> = {}): Promise<World> {
  const { folder, paths } = freshPlaces()
  const vaultPath = join(folder, 'v.hmv')
  writeFileSync(vaultPath, 'vault')
  ensureRuntimeFolder(paths, uid)
  const socketPath = agentSocketPath(paths, vaultPath)
  const time = { nowMs: 1_000_000 }
  let forgotten = 0
  const host = await startAgentHost({
    socketPath,
    vaultPath,
    clock: { nowMs: () => time.nowMs },
    idleMs: 1000,
    absoluteMs: 5000,
    scopeOf: (name) => (({ list: 'read', log: 'append', export: 'admin', analyze: 'none' }) as const)[name],
    runUseCase: async (name, args) => ({ name, args }),
    forget: () => forgotten++,
    tickMs: 10,
    ...parts,
  })
  open.push(host)
  const client = async (): Promise<AgentClient> => {
    const found = await findAgent(paths, vaultPath)
    if (!found) throw new Error('no agent')
    return found
  }
  return { paths, vaultPath, socketPath, time, host, forgotten: () => forgotten, client }
}

/** Sends bytes as they are and gives the first answer. */
function raw(socketPath: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(bytes))
    socket.once('data', (chunk: Buffer) => {
      socket.destroy()
      resolve(chunk.toString('utf8'))
    })
    socket.once('error', reject)
  })
}

describe('the agent', () => {
  it('runs use cases and answers with their view', async () => {
    const { client } = await world()
    const agent = await client()
    expect(await agent.run('list', { metric: 'bp' })).toEqual({ name: 'list', args: { metric: 'bp' } })
    expect(await agent.run('log', null)).toEqual({ name: 'log', args: null })
  })
  it('hands on failures with their code and hint, and of bugs only the kind', async () => {
    const { client } = await world({
      runUseCase: async (name) => {
        if (name === 'list') throw new Failure('NOT_FOUND', 'nothing', { hint: 'healthmate log' })
        throw new RangeError('weight 81.4')
      },
    })
    const agent = await client()
    await expect(agent.run('list', {})).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'nothing',
      hint: 'healthmate log',
    })
    const bug = agent.run('log', {})
    await expect(bug).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.not.stringContaining('81.4'),
    })
  })
  it('refuses what handles keys or lets data leave, and what it does not know', async () => {
    const agent = await (await world()).client()
    await expect(agent.run('export', {})).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      message: expect.stringContaining('anew'),
    })
    await expect(agent.run('analyze', {})).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    await expect(agent.run('toString', {})).rejects.toMatchObject({
      code: expect.stringMatching(/USAGE|VAULT_LOCKED/),
    })
  })
  it('passes progress, notices and the settings of the client’s environment', async () => {
    const environment = { HEALTHMATE_UNITS_SYSTEM: 'us', HOME: '/nowhere' }
    const seen: unknown[] = []
    const { client } = await world({
      runUseCase: async (_name, _args, run) => {
        run.progress.update(1, 2, 'half')
        run.progress.update(2, undefined, 'on')
        run.progress.end()
        run.notice('three merged')
        return run.environment as Record<string, string>
      },
    })
    const progress = { update: (...all: unknown[]) => void seen.push(all), end: () => {} }
    const notice = (text: string) => void seen.push(text)
    const view = await (await client()).run('list', {}, { progress, notice, environment })
    expect(view).toEqual({ HEALTHMATE_UNITS_SYSTEM: 'us' })
    expect(seen).toEqual([[1, 2, 'half'], [2, undefined, 'on'], 'three merged'])
  })
  it('runs requests one after another', async () => {
    const order: string[] = []
    const { client } = await world({
      runUseCase: async (name) => {
        order.push(`start ${name}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push(`end ${name}`)
        return null
      },
    })
    const [one, two] = [await client(), await client()]
    await Promise.all([one.run('list', {}), two.run('log', {})])
    expect(order).toEqual(['start list', 'end list', 'start log', 'end log'])
  })
  it('stops the work of a client that goes away', async () => {
    let aborted = false
    const { client } = await world({
      runUseCase: (_name, _args, run) =>
        new Promise((resolve) => {
          run.signal.addEventListener('abort', () => {
            aborted = true
            resolve(null)
          })
        }),
    })
    const controller = new AbortController()
    const running = (await client()).run('list', {}, { signal: controller.signal })
    setTimeout(() => controller.abort(), 30)
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect.poll(() => aborted).toBe(true)
    const before = (await client()).run('list', {}, { signal: controller.signal })
    await expect(before).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
  it('tells its state without any key', async () => {
    const { client, vaultPath } = await world()
    expect(await (await client()).status()).toEqual({
      pid: process.pid,
      vaultPath,
      unlockedAt: '1970-01-01T00:16:40.000Z',
      locksAtLatest: '1970-01-01T00:16:45.000Z',
      locksIfIdle: '1970-01-01T00:16:41.000Z',
    })
  })
})

describe('the agent locks', () => {
  it('when asked: forgets once, answers, removes its socket', async () => {
    const { client, host, forgotten, socketPath, paths, vaultPath } = await world()
    await (await client()).lock()
    expect(await host.locked).toBe('asked')
    host.lock('idle')
    expect(forgotten()).toBe(1)
    expect(existsSync(socketPath)).toBe(false)
    expect(await findAgent(paths, vaultPath)).toBeUndefined()
  })
  it('when nobody used it for a while, and each use begins the while anew', async () => {
    const { client, host, time } = await world()
    time.nowMs += 900
    await (await client()).run('list', {})
    time.nowMs += 900
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(await (await client()).run('list', {})).toMatchObject({ name: 'list' })
    time.nowMs += 1000
    expect(await host.locked).toBe('idle')
  })
  it('when its absolute time is over, however busy', async () => {
    const { client, host, time } = await world({ idleMs: 10_000 })
    time.nowMs += 4999
    await (await client()).run('list', {})
    time.nowMs += 1
    expect(await host.locked).toBe('time-over')
  })
  it('when the computer slept', async () => {
    const { host, time } = await world({ idleMs: 1e9, absoluteMs: 1e9 })
    time.nowMs += 120_000
    expect(await host.locked).toBe('slept')
  })
  it('when the vault’s file was replaced or removed, before it answers', async () => {
    const replaced = await world({ tickMs: 100_000 })
    writeFileSync(`${replaced.vaultPath}.new`, 'other')
    renameSync(`${replaced.vaultPath}.new`, replaced.vaultPath)
    await expect((await replaced.client()).run('list', {})).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
    expect(await replaced.host.locked).toBe('vault-replaced')
    const removed = await world()
    rmSync(removed.vaultPath)
    expect(await removed.host.locked).toBe('vault-replaced')
  })
})

describe('an update of the program', () => {
  it('ends the agent that runs the old one, and says so', async () => {
    const { client, host } = await world({
      runUseCase: () => import(`${import.meta.dirname}/no-such-chunk.js`),
    })
    const asked = (await client()).run('list', {})
    await expect(asked).rejects.toMatchObject({ code: 'VAULT_LOCKED', hint: 'healthmate unlock' })
    expect(await host.locked).toBe('program-replaced')
  })
})

describe('the socket', () => {
  it('is closed to others under umask 000 through its folder (T42)', async () => {
    const { paths } = await world()
    expect(statSync(paths.runtime).mode & 0o777).toBe(0o700)
  })
  it('has one agent: a second is refused, a stale socket is taken over', async () => {
    const { socketPath, vaultPath, host, paths } = await world()
    await expect(second(socketPath, vaultPath)).rejects.toMatchObject({ code: 'EXISTS' })
    host.lock('ended')
    await host.locked
    await staleSocket(socketPath)
    expect(await findAgent(paths, vaultPath)).toBeUndefined()
    const again = await second(socketPath, vaultPath)
    open.push(again)
    expect(await findAgent(paths, vaultPath)).toBeDefined()
  })
  it('is refused where a link or file stands in its place (T42)', async () => {
    const { folder, paths } = freshPlaces()
    const vaultPath = join(folder, 'v.hmv')
    writeFileSync(vaultPath, '')
    ensureRuntimeFolder(paths, uid)
    const socketPath = agentSocketPath(paths, vaultPath)
    symlinkSync(join(folder, 'elsewhere'), socketPath)
    await expect(second(socketPath, vaultPath)).rejects.toMatchObject({ code: 'IO' })
    await expect(findAgent(paths, vaultPath)).rejects.toMatchObject({ code: 'IO' })
  })
  it('is not trusted in a folder that others can write to', async () => {
    const { paths, vaultPath } = await world()
    chmodSync(paths.runtime, 0o777)
    await expect(findAgent(paths, vaultPath)).rejects.toMatchObject({ code: 'IO' })
  })
  it('answers nonsense with a failure and stays alive', async () => {
    const { socketPath, client } = await world()
    for (const bytes of [
      'nonsense\n',
      '[]\n',
      'null\n',
      '{}\n',
      '{"control":"keys"}\n',
      '{"useCase":1,"args":{}}\n',
    ]) {
      expect(JSON.parse(await raw(socketPath, bytes))).toMatchObject({ failure: { code: 'USAGE' } })
    }
    expect(JSON.parse(await raw(socketPath, Buffer.alloc(9 * 1024 * 1024, 97)))).toMatchObject({
      failure: { code: 'USAGE' },
    })
    expect(JSON.parse(await raw(socketPath, '{"useCase":"list","args":[1]}\n'))).toEqual({
      view: { name: 'list', args: [1] },
    })
    expect(await (await client()).run('list', {})).toBeDefined()
  })
  it('cannot be made where there is no folder', async () => {
    const { vaultPath } = await world()
    await expect(second('/nonexistent/agent.sock', vaultPath)).rejects.toMatchObject({ code: 'IO' })
  })
})

function second(socketPath: string, vaultPath: string): Promise<AgentHost> {
  return startAgentHost({
    socketPath,
    vaultPath,
    clock: { nowMs: () => 0 },
    idleMs: 1000,
    absoluteMs: 1000,
    scopeOf: () => 'read',
    runUseCase: async () => null,
    forget: () => {},
  })
}

/** A socket file that nobody listens on, as a crash leaves it. */
function staleSocket(socketPath: string): Promise<void> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(`${socketPath}.live`, () => {
      renameSync(`${socketPath}.live`, socketPath)
      server.close(() => resolve())
    })
  })
}

describe('the messages', () => {
  it('are cut at line ends, however they arrive, also inside a character', () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":1}\nrest')
    const reader = new LineReader(100)
    const lines: string[] = []
    for (const byte of bytes) lines.push(...reader.push(Buffer.from([byte])))
    expect(lines).toEqual(['{"a":"é"}', '{"b":1}'])
    expect(new LineReader(100).push(bytes)).toEqual(['{"a":"é"}', '{"b":1}'])
  })
  it('have a limit', () => {
    expect(() => new LineReader(3).push(Buffer.from('abcd'))).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
  it('bring no code that does not exist', () => {
    expect(lineFailure({ code: 'MADE_UP', message: 'x', hint: null }).code).toBe('INTERNAL')
    expect(lineFailure({ code: 'DATE', message: 'x', hint: 'y' })).toMatchObject({ code: 'DATE', hint: 'y' })
  })
  it('carry settings of the environment and nothing else of it', () => {
    const environment = {
      HEALTHMATE_PASSPHRASE: 'x',
      PATH: '/',
      HEALTHMATE_UNITS_GLUCOSE: 'mg/dL',
      HEALTHMATE_REGION: 7,
    }
    expect(settingVariables(environment)).toEqual({ HEALTHMATE_UNITS_GLUCOSE: 'mg/dL' })
  })
})

describe('startAgent', () => {
  /** A launcher that behaves as told, and writes what it got beside itself. */
  function launcher(code: string): { program: [string, string]; seen: string } {
    const { folder } = freshPlaces()
    mkdirSync(join(folder, 'bin'))
    const path = join(folder, 'bin', 'launcher.mjs')
    const seen = join(folder, 'seen.json')
    const preface = `import { readFileSync, writeFileSync } from 'node:fs'
const secret = readFileSync(0, 'utf8')
writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ secret, argv: process.argv.slice(2), env: process.env }))
`
    writeFileSync(path, preface + code)
    return { program: [process.execPath, path], seen }
  }
  const start = (program: [string, string]) =>
    startAgent({
      program,
      vaultPath: '/v.hmv',
      passphrase: new Redacted(utf8ToBytes('canary phrase')),
      idleMs: 1000,
      absoluteMs: 2000,
      environment: {
        ...process.env,
        NODE_OPTIONS: '--max-old-space-size=99',
        HEALTHMATE_PASSPHRASE_FILE: '/f',
        HOME: '/h',
      },
    })

  it('hands the passphrase over a pipe, not as an argument or variable, and drops switches of Node', async () => {
    const { program, seen } = launcher(`console.log(JSON.stringify({ ready: true, notices: ['2 merged'] }))`)
    expect(await start(program)).toEqual(['2 merged'])
    const { secret, argv, env } = JSON.parse(
      await import('node:fs').then(({ readFileSync }) => readFileSync(seen, 'utf8')),
    )
    expect(secret).toBe('canary phrase')
    expect(JSON.stringify([argv, env])).not.toContain('canary')
    expect(argv).toEqual(
      expect.arrayContaining([
        'agent-host',
        '--passphrase-fd',
        '0',
        '--vault',
        '/v.hmv',
        '--idle-ms',
        '1000',
      ]),
    )
    expect(env).toMatchObject({ HOME: '/h' })
    expect(Object.keys(env).filter((name) => /^NODE_|PASSPHRASE/.test(name))).toEqual([])
  })
  it('fails as the agent fails', async () => {
    const { program } = launcher(
      `console.log('{"error":{"code":"WRONG_PASSPHRASE","message":"no","hint":null}}'); process.exit(4)`,
    )
    await expect(start(program)).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' })
  })
  it('fails when the agent ends without a word', async () => {
    await expect(start(launcher('').program)).rejects.toMatchObject({ code: 'IO' })
    await expect(start(['/nonexistent/node', 'x'])).rejects.toMatchObject({ code: 'IO' })
  })
})
