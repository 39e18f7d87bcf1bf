/** `agent-host`: the process that `unlock` starts. It prints one line when it listens, then works in silence. */
import { defaultIdleMs, maxAbsoluteMs, serveAgent } from '../../app/index.ts'
import { sessionOf } from '../ask.ts'
import type { Invocation } from '../invocation.ts'

export async function run(invocation: Invocation): Promise<void> {
  const limits = {
    idleMs: Math.min(invocation.count('idle-ms', 1) ?? defaultIdleMs, maxAbsoluteMs),
    absoluteMs: Math.min(invocation.count('absolute-ms', 1) ?? maxAbsoluteMs, maxAbsoluteMs),
  }
  // A folder that the process stands in cannot be unmounted or removed.
  process.chdir('/')
  await serveAgent(sessionOf(invocation), limits, (notices) =>
    invocation.output.json({ ready: true, notices }),
  )
}
