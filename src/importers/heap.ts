/** How far the heap of the process may run ahead of what is alive in it while an import goes on. */
import { setFlagsFromString } from 'node:v8'

/** V8's own choice, which on a machine with much memory is up to four times what is alive. */
const automatic = 0
const percentOfImport = 50

/**
 * Lets garbage wait for half of what is alive, not for a multiple of it, until the action is over. The flag is read
 * before each collection of the old generation (v8/src/heap/heap-controller.cc), so it holds at once.
 */
export async function withTightHeap<Result>(action: () => Promise<Result>): Promise<Result> {
  setFlagsFromString(`--heap-growing-percent=${percentOfImport}`)
  try {
    return await action()
  } finally {
    setFlagsFromString(`--heap-growing-percent=${automatic}`)
  }
}
