/**
 * Where the code of each command is. Each import is a chunk of its own in the build, so a command loads what it uses
 * and nothing else. A path of the table without a line here only groups its subcommands.
 */
import type { CommandLoader } from './command.ts'

export const commandLoaders: ReadonlyMap<string, CommandLoader> = new Map<string, CommandLoader>([
  ['unlock', () => import('./commands/unlock.ts')],
  ['lock', () => import('./commands/lock.ts')],
  ['status', () => import('./commands/status.ts')],
  ['config get', () => import('./commands/config/get.ts')],
  ['config set', () => import('./commands/config/set.ts')],
  ['config list', () => import('./commands/config/list.ts')],
  ['config path', () => import('./commands/config/path.ts')],
  ['metrics', () => import('./commands/metrics.ts')],
  ['agent-host', () => import('./commands/agent-host.ts')],
  ['completion', () => import('./commands/completion.ts')],
])
