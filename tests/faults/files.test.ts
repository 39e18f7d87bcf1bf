/** T39 and T42: where files may be written, through which names, and who may read them. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { emptyChange } from '../../src/records/index.ts'
import { launcher } from '../acceptance/program.ts'
import { everythingUnder, folderIn, modeOf, type VaultHome, vaultHome } from './cli-home.ts'
import { namesInZip } from './zip-file.ts'

const hasModes = process.platform !== 'win32'

describe('an output path', () => {
  let home: VaultHome
  beforeAll(async () => {
    home = await vaultHome()
    expect(home.run(['log', 'weight', '81kg']).status).toBe(0)
  })
  const outputs = [
    ['export csv', (path: string) => ['export', 'csv', '--out', path]],
    ['export fhir', (path: string) => ['export', 'fhir', '--out', path]],
    ['export gdpr', (path: string) => ['export', 'gdpr', '--out', `${path}.zip`]],
    ['chart --svg', (path: string) => ['chart', 'weight', '--svg', path]],
  ] as const

  it.each(outputs)('of %s never replaces what is there, nor follows a link to it (T39)', (name, words) => {
    const folder = folderIn(home, `out-${name.replace(/\W/g, '')}`)
    const ending = name === 'export gdpr' ? '.zip' : ''
    writeFileSync(join(folder, `precious${ending}`), 'precious')
    symlinkSync(`precious${ending}`, join(folder, `link${ending}`))
    symlinkSync('nowhere', join(folder, `dangling${ending}`))
    for (const target of ['precious', 'link']) {
      const done = home.run([...words(join(folder, target)), '--json'])
      expect([done.status, JSON.parse(done.stdout).error.code]).toEqual([2, 'EXISTS'])
    }
    home.run(words(join(folder, 'dangling')))
    expect(existsSync(join(folder, 'nowhere')), 'nothing is written through a dangling link').toBe(false)
    expect(readFileSync(join(folder, `precious${ending}`), 'utf8')).toBe('precious')
    home.run([...words(join(folder, 'link')), '--force'])
    expect(readFileSync(join(folder, `precious${ending}`), 'utf8'), 'nor with --force').toBe('precious')
    const left = readdirSync(folder).filter((file) => file.includes('.part'))
    expect(left).toEqual([])
  })

  it('of an attachment is only the one that was named, whatever the attachment is called (T39)', async () => {
    const folder = folderIn(home, 'attachments')
    const note = join(folder, 'note.txt')
    writeFileSync(note, 'attached text')
    const { records } = JSON.parse(home.run(['list', '--json']).stdout)
    const added = home.run(['attach', records[0].id, note, '--json'])
    const { id } = JSON.parse(added.stdout)
    const evil = '../../../evil\u0000.txt'
    const vault = await home.open()
    vault.write({
      ...emptyChange,
      label: 'rename',
      operations: [{ kind: 'entity', type: 'attachment', id, field: 'name', value: evil }],
    })
    vault.close()
    const before = everythingUnder(home.folder)
    const out = join(folder, 'out.txt')
    expect(home.run(['attach', '--get', id, out]).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toBe('attached text')
    expect(everythingUnder(home.folder).filter((path) => !before.includes(path))).toEqual([out])
    // A link is not followed, with --force neither.
    writeFileSync(join(folder, 'precious'), 'precious')
    symlinkSync('precious', join(folder, 'link'))
    expect(home.run(['attach', '--get', id, join(folder, 'link')]).status).toBe(2)
    home.run(['attach', '--get', id, join(folder, 'link'), '--force'])
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious')

    const archive = join(folder, 'all.zip')
    expect(home.run(['export', 'gdpr', '--out', archive]).status).toBe(0)
    const names = namesInZip(readFileSync(archive))
    expect(names.some((name) => name.includes('evil'))).toBe(true)
    for (const name of names) expect(name).not.toMatch(/^[/\\]|\.\.|\\|^[a-z]:|\p{Cc}/u)
  })

  it('inside a folder that is a file, or that nobody may write to, ends with 1 and says why', () => {
    const folder = folderIn(home, 'odd')
    writeFileSync(join(folder, 'file'), '')
    const done = home.run(['export', 'csv', '--out', join(folder, 'file', 'x.csv'), '--json'])
    expect([done.status, JSON.parse(done.stdout).error.code]).toEqual([1, 'IO'])
  })

  it.skipIf(!hasModes)('of a vault that is a link is refused, and so is one of its companions (T39)', () => {
    const link = join(folderIn(home, 'links'), 'link.hmv')
    symlinkSync(home.vaultPath, link)
    const through = home.run(['--vault', link, 'list', '--json'])
    expect([through.status, JSON.parse(through.stdout).error.code]).toEqual([1, 'IO'])
    expect(JSON.parse(through.stdout).error.message).toContain('symbolic link')
    const made = home.run(['--vault', link, 'init', '--json'])
    expect([made.status, JSON.parse(made.stdout).error.code]).toEqual([2, 'EXISTS'])
  })
})

describe.skipIf(!hasModes)('files of the program', () => {
  it.each(['000', '022'])('are the person’s alone under umask %s, exports too (T42)', async (umask) => {
    const home = await vaultHome()
    const out = folderIn(home, 'out')
    const run = (...words: string[]) => {
      const done = spawnSync(
        'bash',
        ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, launcher, ...words],
        { encoding: 'utf8', env: home.environment },
      )
      expect(done.stderr + done.stdout, words.join(' ')).not.toMatch(/error/i)
      expect(done.status, words.join(' ')).toBe(0)
      return done.stdout
    }
    run('log', 'weight', '81kg', '--note', 'text')
    run('config', 'set', 'units.weight', 'kg')
    const { records } = JSON.parse(run('list', '--json'))
    writeFileSync(join(out, 'in.txt'), 'text', { mode: 0o600 })
    const { id } = JSON.parse(run('attach', records[0].id, join(out, 'in.txt'), '--json'))
    run('attach', '--get', id, join(out, 'out.txt'))
    for (const format of ['csv', 'ndjson', 'fhir']) run('export', format, '--out', join(out, `a.${format}`))
    run('export', 'gdpr', '--out', join(out, 'all.zip'))
    run('export', 'gdpr', '--out', join(out, 'all'))
    run('export', 'csv', '--out', join(out, 'new', 'folder', 'a.csv'))
    run('chart', 'weight', '--svg', join(out, 'a.svg'), '--png', join(out, 'a.png'))
    run('passphrase', 'change', '--new-passphrase-file', home.passphraseFile)
    run('init', '--vault', join(home.folder, 'family', 'kid.hmv'), '--name', 'kid')
    run('unlock')
    try {
      const wide = everythingUnder(home.folder)
        .filter((path) => modeOf(path) !== (lstatSync(path).isFile() ? '600' : '700'))
        .map((path) => `${path.slice(home.folder.length)} ${modeOf(path)}`)
      expect(wide).toEqual([])
      const sockets = everythingUnder(home.folder).filter((path) => lstatSync(path).isSocket())
      expect(sockets).toHaveLength(1)
    } finally {
      run('lock')
    }
  })

  it('with a passphrase are refused when others may read them, are links, or are too long (T42)', async () => {
    const home = await vaultHome()
    const path = join(dirname(home.passphraseFile), 'wide')
    writeFileSync(path, readFileSync(home.passphraseFile))
    const withFile = (file: string) => {
      const done = home.run(['list', '--passphrase-file', file, '--json'])
      return [done.status, JSON.parse(done.stdout).error?.message]
    }
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(path, mode)
      expect(withFile(path)).toEqual([expect.any(Number), expect.stringMatching(/others|other users/)])
    }
    chmodSync(path, 0o600)
    symlinkSync(path, `${path}-link`)
    expect(withFile(`${path}-link`)[0]).not.toBe(0)
    writeFileSync(path, 'x'.repeat(5000))
    expect(withFile(path)[0]).not.toBe(0)
  })

  it('that are a socket behind a link, or a link for a folder, are not spoken to (T42)', async () => {
    const home = await vaultHome()
    expect(home.run(['log', 'weight', '81kg']).status).toBe(0)
    expect(home.run(['unlock']).status).toBe(0)
    const socket = everythingUnder(home.folder).find((path) => lstatSync(path).isSocket()) as string
    const elsewhere = join(folderIn(home, 'elsewhere'), 's')
    renameSync(socket, elsewhere)
    symlinkSync(elsewhere, socket)
    const withoutPassphrase = { environment: { HEALTHMATE_PASSPHRASE_FILE: '' } }
    const expectRefused = (done: { status: number | null; stdout: string }) => {
      const { code, message } = JSON.parse(done.stdout).error
      expect([done.status, code]).toEqual([1, 'IO'])
      expect(message).toMatch(/not a socket of yours|link/)
    }
    expectRefused(home.run(['list', '--json'], withoutPassphrase))
    renameSync(elsewhere, socket)
    expect(home.run(['list', '--json'], withoutPassphrase).status).toBe(0)
    // The whole runtime folder as a link.
    const runtime = dirname(socket)
    renameSync(runtime, `${runtime}-moved`)
    symlinkSync(`${runtime}-moved`, runtime)
    expectRefused(home.run(['list', '--json'], withoutPassphrase))
    expectRefused(home.run(['unlock', '--json']))
    renameSync(runtime, `${runtime}-link`)
    renameSync(`${runtime}-moved`, runtime)
    expect(home.run(['lock']).status).toBe(0)
  })

  it('are not made in a folder that others may write to (T42)', async () => {
    const home = await vaultHome()
    const open = folderIn(home, 'open')
    mkdirSync(join(open, 'inner'))
    chmodSync(join(open, 'inner'), 0o777)
    const done = home.run(['init', '--vault', join(open, 'inner', 'v.hmv'), '--json'])
    expect([done.status, JSON.parse(done.stdout).error.code]).toEqual([1, 'IO'])
    expect(readdirSync(join(open, 'inner'))).toEqual([])
  })
})
