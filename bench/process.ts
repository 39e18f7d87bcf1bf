/** Whole processes: what a person waits for. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

export interface Environment {
  readonly [name: string]: string | undefined
}

/** Milliseconds from start to exit of a Node process. Fails when it ends with anything but 0. */
export function timeNode(args: readonly string[], environment: Environment = process.env): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.once('error', reject)
    let elapsed = 0
    child.once('exit', () => {
      elapsed = performance.now() - start
    })
    child.once('close', (code) => {
      if (code === 0) resolve(elapsed)
      else reject(new Error(`node ${args.join(' ')} ended with ${code}: ${complaint}`))
    })
  })
}

/** `node -e 0`: the least that any Node program costs. */
export function timeEmptyNode(): Promise<number> {
  return timeNode(['-e', '0'])
}

/** Runs a Node program and returns its standard output. Fails as `timeNode`. */
export function outputOfNode(args: readonly string[], environment: Environment = process.env): string {
  const done = spawnSync(process.execPath, args, { env: environment, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (done.status !== 0)
    throw new Error(`node ${args.join(' ')} ended with ${done.status}: ${done.stderr}${done.stdout}`)
  return done.stdout
}

export function programPath(root: string): string {
  return join(root, 'bin', 'healthmate.js')
}

/**
 * Greatest resident memory of this process, KiB. Linux starts `maxRSS` of a child at what its parent had, so there the
 * high-water mark of the process's own memory is read.
 */
export function peakMemoryKiB(): number {
  const status = existsSync(statusPath) ? readFileSync(statusPath, 'utf8') : ''
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return own === undefined ? process.resourceUsage().maxRSS : Number(own)
}

const statusPath = '/proc/self/status'
