/** Compiles the preloaded fault library and bundles the workload, once for each test file, into a temporary folder. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Why there are no faults to inject on this machine; undefined where there are. */
export const noFaults = reasonAgainst()

/** Whether the long form was asked for (`npm run test:long`). */
export const isLong = process.env['HEALTHMATE_TEST_LONG'] === '1'

const repository = resolve(import.meta.dirname, '../..')

let folder: string | undefined

function reasonAgainst(): string | undefined {
  if (process.platform !== 'linux') return 'the fault library is for Linux'
  const compiler = spawnSync('cc', ['--version'])
  return compiler.status === 0 ? undefined : 'there is no C compiler (cc)'
}

function tools(): string {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'hm-fault-tools-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  symlinkSync(join(repository, 'node_modules'), join(made, 'node_modules'))
  folder = made
  return made
}

let library: string | undefined

/** Path of the compiled library. */
export function faultLibrary(): string {
  if (library === undefined) {
    library = join(tools(), 'fault-shim.so')
    const source = join(import.meta.dirname, 'fault-shim.c')
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'])
  }
  return library
}

let program: string | undefined

/** Path of the bundled workload. */
export function workloadProgram(): string {
  if (program === undefined) {
    const dir = join(tools(), 'workload')
    const bundler = JSON.stringify(join(repository, 'scripts/bundle.mjs'))
    const options = { root: repository, input: { workload: 'tests/faults/workload.ts' }, dir }
    const script = `import { bundle } from ${bundler}; await bundle(${JSON.stringify(options)})`
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: repository })
    program = join(dir, 'workload.js')
  }
  return program
}

/** Numbers from 1 to `count`: all of them in the long form, else `most` spread evenly over them. */
export function places(count: number, most: number): readonly number[] {
  if (isLong || count <= most) return Array.from({ length: count }, (_, index) => index + 1)
  return Array.from({ length: most }, (_, index) => Math.ceil(((index + 0.5) / most) * count))
}
