import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The path of a file of the full reference vectors, or undefined where that folder does not exist. */
export function sharedStatsPath(...segments: readonly string[]): string | undefined {
  return sharedStatsOf(resolve(import.meta.dirname, '..'), ...segments)
}

/** The same for the project at `root`, for code that is bundled to another place. */
export function sharedStatsOf(root: string, ...segments: readonly string[]): string | undefined {
  const folder = process.env['HEALTHMATE_SHARED_STATS'] ?? resolve(root, '../shared/stats')
  const path = join(folder, ...segments)
  return existsSync(path) ? path : undefined
}
