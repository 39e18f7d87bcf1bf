import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  agentSocketPath,
  canonicalPath,
  currentPlatform,
  defaultVaultPath,
  ensurePrivateFolder,
  ensureRuntimeFolder,
  type Platform,
  resolvePaths,
} from '../../../src/app/paths.ts'
import { freshPlaces } from './places.ts'

const linux: Platform = { name: 'linux', home: '/home/ada', uid: 1000, environment: {} }
const uid = process.geteuid?.() ?? -1
const mode = (path: string): number => statSync(path).mode & 0o777

describe('resolvePaths', () => {
  it('follows the XDG base directories on Linux, and ignores relative ones as the specification says', () => {
    expect(resolvePaths(linux)).toEqual({
      data: '/home/ada/.local/share/healthmate',
      config: '/home/ada/.config/healthmate',
      state: '/home/ada/.local/state/healthmate',
      runtime: '/tmp/healthmate-1000',
    })
    const environment = {
      XDG_DATA_HOME: '/d',
      XDG_CONFIG_HOME: '/c',
      XDG_STATE_HOME: 'relative',
      XDG_RUNTIME_DIR: '/run/user/1000',
    }
    expect(resolvePaths({ ...linux, environment })).toEqual({
      data: '/d/healthmate',
      config: '/c/healthmate',
      state: '/home/ada/.local/state/healthmate',
      runtime: '/run/user/1000/healthmate',
    })
  })
  it('uses the Library on macOS and the known folders on Windows', () => {
    const mac = resolvePaths({
      ...linux,
      name: 'darwin',
      home: '/Users/ada',
      environment: { TMPDIR: '/var/folders/x' },
    })
    expect(mac.data).toBe('/Users/ada/Library/Application Support/healthmate')
    expect(mac.runtime).toBe('/var/folders/x/healthmate')
    expect(resolvePaths({ ...linux, name: 'darwin' }).runtime).toBe('/tmp/healthmate-1000')
    const windows = resolvePaths({
      ...linux,
      name: 'win32',
      environment: { APPDATA: 'R:', LOCALAPPDATA: 'L:' },
    })
    expect(windows.config).toContain('R:')
    expect(windows.data).toContain('L:')
    expect(resolvePaths({ ...linux, name: 'win32' }).data).toContain('AppData')
  })
  it('knows this computer', () => {
    expect(currentPlatform({ HOME: '/h' })).toMatchObject({ name: process.platform, home: '/h' })
    expect(defaultVaultPath(resolvePaths(linux))).toBe('/home/ada/.local/share/healthmate/vault.hmv')
  })
})

describe('folders of ours', () => {
  it.each([0o000, 0o022])('are closed to others under umask %o (T42)', (umask) => {
    const { paths } = freshPlaces()
    const before = process.umask(umask)
    try {
      ensurePrivateFolder(paths.data)
      ensureRuntimeFolder(paths, uid)
    } finally {
      process.umask(before)
    }
    expect([mode(paths.data), mode(paths.runtime)]).toEqual([0o700, 0o700])
  })
  it('are closed again when somebody opened them', () => {
    const { paths } = freshPlaces()
    ensurePrivateFolder(paths.data)
    chmodSync(paths.data, 0o755)
    ensurePrivateFolder(paths.data)
    expect(mode(paths.data)).toBe(0o700)
    mkdirSync(paths.runtime, { recursive: true })
    chmodSync(paths.runtime, 0o777)
    ensureRuntimeFolder(paths, uid)
    expect(mode(paths.runtime)).toBe(0o700)
  })
  it('are refused where a file or link stands in their place', () => {
    const { folder, paths } = freshPlaces()
    writeFileSync(join(folder, 'file'), '')
    expect(() => ensurePrivateFolder(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'IO' }))
    mkdirSync(join(folder, 'run'))
    symlinkSync(folder, paths.runtime)
    expect(() => ensureRuntimeFolder(paths, uid)).toThrow(/is a link or a file/)
  })
  it('are refused where they belong to somebody else', () => {
    const { paths } = freshPlaces()
    expect(() => ensureRuntimeFolder(paths, uid + 1)).toThrow(/belongs to somebody else/)
  })
})

describe('the socket of the agent', () => {
  it('is one for each vault, by its real path', () => {
    const { folder, paths } = freshPlaces()
    const vault = join(folder, 'a.hmv')
    writeFileSync(vault, '')
    symlinkSync(vault, join(folder, 'link.hmv'))
    expect(agentSocketPath(paths, join(folder, 'link.hmv'))).toBe(agentSocketPath(paths, vault))
    expect(agentSocketPath(paths, join(folder, 'b.hmv'))).not.toBe(agentSocketPath(paths, vault))
    expect(canonicalPath(join(folder, 'none', 'b.hmv'))).toMatch(/none\/b\.hmv$/)
  })
  it('is a named pipe on Windows', () => {
    expect(agentSocketPath(freshPlaces().paths, '/v.hmv', 'win32')).toMatch(
      /^\\\\\.\\pipe\\healthmate-[0-9a-f]{16}$/,
    )
  })
  it('is refused where its path is too long for the system', () => {
    const paths = { ...freshPlaces().paths, runtime: `/${'x'.repeat(100)}` }
    expect(() => agentSocketPath(paths, '/v.hmv')).toThrow(/too long/)
  })
})
