import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Paths } from '../../../src/app/paths.ts'

/** A fresh folder, and the program's folders inside it. */
export function freshPlaces(): { folder: string; paths: Paths } {
  const folder = mkdtempSync(join(tmpdir(), 'hm-'))
  const at = (name: string): string => join(folder, name, 'healthmate')
  return { folder, paths: { data: at('data'), config: at('config'), state: at('state'), runtime: at('run') } }
}
