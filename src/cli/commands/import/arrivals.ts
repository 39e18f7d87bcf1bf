/**
 * What arrives in watched folders, once it is complete: an entry whose size and time did not change between two looks,
 * and which does not have the name of something unfinished. A file that only changes its name is not new.
 */
import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Names that browsers, phones and sync programs give to what they are still writing, and hidden files. */
const unfinished = /^\.|~$|\.(part|partial|crdownload|download|tmp|temp|opdownload|filepart|!ut)$/i
const maxFolderDepth = 16

export class Arrivals {
  readonly #paths: readonly string[]
  /** State of each path at the last look. */
  #last = new Map<string, string>()
  /** States that were handed out: they hold the file's identity, not its name. */
  readonly #taken = new Set<string>()

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** Paths that are complete since the last look and were not handed out before, in order of name. */
  look(): readonly string[] {
    const now = new Map<string, string>()
    const complete: string[] = []
    for (const path of this.#paths.flatMap(entriesOf)) {
      const state = stateOf(path)
      if (state === undefined) continue
      now.set(path, state)
      if (this.#last.get(path) !== state || this.#taken.has(state)) continue
      this.#taken.add(state)
      complete.push(path)
    }
    this.#last = now
    return complete
  }
}

/** A watched file itself, or what lies directly in a watched folder. */
function entriesOf(path: string): readonly string[] {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined) return []
  if (!facts.isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .filter((name) => !unfinished.test(name))
    .map((name) => join(path, name))
}

/** Identity, size and time; of a folder those of all files in it. Undefined while something in it is unfinished. */
function stateOf(path: string, depth = 0): string | undefined {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  if (facts === undefined || unfinished.test(basename(path))) return undefined
  if (facts.isFile()) return facts.size === 0 ? undefined : identityOf(facts)
  if (!facts.isDirectory() || depth > maxFolderDepth) return undefined
  const states: string[] = [identityOf(facts)]
  for (const name of readdirSync(path).sort()) {
    if (name.startsWith('.')) continue
    const state = stateOf(join(path, name), depth + 1)
    if (state === undefined) return undefined
    states.push(state)
  }
  return states.length === 1 ? undefined : states.join()
}

function identityOf({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}`
}
