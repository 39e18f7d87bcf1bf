import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const launcher = resolve(import.meta.dirname, '../../bin/healthmate.js')

/** A home of its own for the built program, and a way to run it there. */
export interface Home {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  run(words: readonly string[], options?: RunOptions): SpawnSyncReturns<string>
}

export interface RunOptions {
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
}

export function freshHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'hm-home-'))
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    TZ: 'Europe/Berlin',
  }
  return {
    folder,
    environment,
    run: (words, options = {}) =>
      spawnSync(process.execPath, [launcher, ...words], {
        encoding: 'utf8',
        env: { ...environment, ...options.environment },
        input: options.input ?? '',
      }),
  }
}
