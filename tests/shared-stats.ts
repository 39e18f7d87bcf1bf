import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const statsRoot = process.env['HEALTHMATE_SHARED_STATS'] ?? resolve(import.meta.dirname, '../../shared/stats')

/** The path of a file of the full reference vectors, or undefined where that folder does not exist. */
export function sharedStatsPath(...segments: readonly string[]): string | undefined {
  const path = join(statsRoot, ...segments)
  return existsSync(path) ? path : undefined
}
