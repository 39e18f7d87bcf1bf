/**
 * Where the code of each command is. Each import is a chunk of its own in the build, so a command loads what it uses
 * and nothing else. A path of the table without a line here only groups its subcommands.
 */
import type { CommandLoader } from './command.ts'

export const commandLoaders: ReadonlyMap<string, CommandLoader> = new Map<string, CommandLoader>([
  ['completion', () => import('./commands/completion.ts')],
])
