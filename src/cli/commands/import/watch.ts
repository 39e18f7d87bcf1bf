/** `import --watch`: imports again whenever what was named changes, until Ctrl-C. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../../foundation/index.ts'
import type { Invocation } from '../../invocation.ts'
import { presentError } from '../../present/failure.ts'

/** A file that a phone or a sync program is still writing changes within this time. */
const settleMs = 2000

/** Runs `once` now and after each change. A failed import is told and the next change awaited. Ends with 0. */
export async function watchAndImport(
  invocation: Invocation,
  paths: readonly string[],
  once: () => Promise<number>,
): Promise<number> {
  const { output, signal } = invocation
  if (paths.includes('-') || output.format !== 'human' || invocation.flag('dry-run')) {
    throw new Failure('USAGE', '--watch goes with files and folders, without --json and --dry-run', {
      hint: 'healthmate import auto FOLDER --watch',
    })
  }
  let imported = ''
  let last = ''
  while (!signal.aborted) {
    const seen = paths.map(stateOf).join()
    if (seen !== imported && (seen === last || imported === '')) {
      imported = seen
      await tolerant(invocation, once)
      if (!signal.aborted) output.note('Watching; Ctrl-C ends it.')
    }
    last = seen
    await sleep(settleMs, undefined, { signal }).catch(() => {})
  }
  return 0
}

async function tolerant(invocation: Invocation, once: () => Promise<number>): Promise<void> {
  try {
    await once()
  } catch (error) {
    const isPassing = error instanceof Failure && ['REFUSED_INPUT', 'NOT_FOUND', 'IO'].includes(error.code)
    if (!isPassing) throw error
    presentError(error, invocation.output)
  }
}

/** Sizes and times of a file, or of the files of a folder. */
function stateOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return `${path} is missing`
  if (!facts.isDirectory()) return `${path} ${facts.size} ${facts.mtimeMs}`
  const names = readdirSync(path).sort()
  return names
    .map((name) => {
      const inside = statSync(join(path, name), { throwIfNoEntry: false })
      return `${name} ${inside?.size ?? 0} ${inside?.mtimeMs ?? 0}`
    })
    .join()
}
