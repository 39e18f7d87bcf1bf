/**
 * Where the program's own files are: the platform's folders for data, configuration, state and runtime. Nothing is
 * written elsewhere but where the person points.
 *
 * Linux and other Unix: XDG Base Directory Specification 0.8. macOS: File System Programming Guide. Windows: Known
 * Folders. Folders are made with mode 0700; the runtime folder holds the agent's socket and must be ours alone,
 * because the folder's mode is the boundary that guards the socket (security.md 4.7).
 */
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure } from '../foundation/index.ts'

export interface Paths {
  /** Vaults. */
  readonly data: string
  /** `config.json` and pinned fingerprints. */
  readonly config: string
  /** Head anchors and logs. */
  readonly state: string
  /** The agent's socket. */
  readonly runtime: string
}

export interface Platform {
  readonly name: NodeJS.Platform
  readonly home: string
  /** -1 where there are no user ids. */
  readonly uid: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

export function currentPlatform(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Platform {
  return { name: process.platform, home: environment['HOME'] || homedir(), uid: userInfo().uid, environment }
}

export function resolvePaths(platform: Platform): Paths {
  if (platform.name === 'win32') return windowsPaths(platform)
  return platform.name === 'darwin' ? macPaths(platform) : xdgPaths(platform)
}

function xdgPaths({ home, uid, environment }: Platform): Paths {
  const folder = (name: string, otherwise: string): string => {
    const given = environment[name]
    // The specification: a relative path in these variables is invalid and must be ignored.
    return join(given?.startsWith('/') ? given : otherwise, 'healthmate')
  }
  const runtimeBase = environment['XDG_RUNTIME_DIR']
  return {
    data: folder('XDG_DATA_HOME', join(home, '.local/share')),
    config: folder('XDG_CONFIG_HOME', join(home, '.config')),
    state: folder('XDG_STATE_HOME', join(home, '.local/state')),
    runtime: runtimeBase?.startsWith('/') ? join(runtimeBase, 'healthmate') : `/tmp/healthmate-${uid}`,
  }
}

function macPaths({ home, uid, environment }: Platform): Paths {
  const support = join(home, 'Library/Application Support/healthmate')
  const temporary = environment['TMPDIR']
  return {
    data: support,
    config: join(home, 'Library/Preferences/healthmate'),
    state: join(support, 'state'),
    runtime: temporary?.startsWith('/') ? join(temporary, 'healthmate') : `/tmp/healthmate-${uid}`,
  }
}

function windowsPaths({ home, environment }: Platform): Paths {
  const roaming = environment['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  const local = environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')
  return {
    data: join(local, 'healthmate', 'data'),
    config: join(roaming, 'healthmate'),
    state: join(local, 'healthmate', 'state'),
    runtime: join(local, 'healthmate', 'run'),
  }
}

/** The vault that is meant when none is named. */
export function defaultVaultPath(paths: Paths): string {
  return join(paths.data, 'vault.hmv')
}

/** Makes a folder of ours with mode 0700, and repairs the mode of one that is wider. Fails with IO. */
export function ensurePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const found = lstatSync(path)
    if (process.platform === 'win32') return
    if (!found.isDirectory()) throw new Failure('IO', `${path} is not a folder`)
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700)
  } catch (error) {
    throw folderFailure(path, error)
  }
}

/**
 * As `ensurePrivateFolder`, for the runtime folder, which may lie in a folder that everybody writes to (/tmp): one
 * that is a link or belongs to somebody else is refused.
 */
export function ensureRuntimeFolder(paths: Paths, uid: number): void {
  try {
    mkdirSync(paths.runtime, { recursive: true, mode: 0o700 })
    const found = lstatSync(paths.runtime)
    if (process.platform === 'win32') return
    if (!found.isDirectory())
      throw new Failure('IO', `${paths.runtime} is a link or a file, not a folder of yours`)
    if (found.uid !== uid) throw new Failure('IO', `${paths.runtime} belongs to somebody else`)
    if ((found.mode & 0o077) !== 0) chmodSync(paths.runtime, 0o700)
  } catch (error) {
    throw folderFailure(paths.runtime, error)
  }
}

function folderFailure(path: string, error: unknown): Failure {
  const hint = `Check who owns ${path}, or set XDG_RUNTIME_DIR, XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME.`
  if (error instanceof Failure) return new Failure(error.code, error.message, { hint, cause: error })
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return new Failure('IO', `the folder ${path} cannot be made${code}`, { hint, cause: error })
}

/** Socket paths end in a NUL inside 108 bytes on Linux and 104 on macOS (sockaddr_un). */
const maxSocketPathBytes = 103

/** The agent's socket for one vault; on Windows a named pipe. The vault need not exist. */
export function agentSocketPath(
  paths: Paths,
  vaultPath: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const name = createHash('sha256').update(canonicalPath(vaultPath)).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\healthmate-${name}`
  const path = join(paths.runtime, `agent-${name}.sock`)
  if (Buffer.byteLength(path) > maxSocketPathBytes) {
    throw new Failure('IO', `the path of the agent's socket is too long: ${path}`, {
      hint: 'Set XDG_RUNTIME_DIR to a shorter path.',
    })
  }
  return path
}

/** The real path of a vault, through links in its folder: one vault, one name. */
export function canonicalPath(path: string): string {
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch {
    return dirname(absolute) === absolute
      ? absolute
      : join(canonicalPath(dirname(absolute)), basename(absolute))
  }
}
