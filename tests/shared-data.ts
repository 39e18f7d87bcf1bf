import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const sharedRoot = process.env['HEALTHMATE_SHARED_DATA'] ?? resolve(import.meta.dirname, '../../shared/data')

/** The path of a file in the folder of real sample exports, or undefined where that folder does not exist. */
export function sharedDataPath(...segments: readonly string[]): string | undefined {
  const path = join(sharedRoot, ...segments)
  return existsSync(path) ? path : undefined
}
