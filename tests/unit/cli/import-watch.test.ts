import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Arrivals } from '../../../src/cli/commands/import/arrivals.ts'
import { healthData, record } from '../importers/harness.ts'
import { type Document, endAgents, type VaultHome, vaultHome } from './vault-home.ts'

const exportOf = (...values: string[]) =>
  healthData(values.map((value) => record('BodyMass', value, 'kg')).join(''))

describe('what arrives in a watched folder', () => {
  const folders: string[] = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'healthmate-arrivals-'))
    folders.push(folder)
    return folder
  }
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  it('is handed out once it stayed as it is between two looks, and once', () => {
    const folder = newFolder()
    const path = join(folder, 'export.xml')
    const arrivals = new Arrivals([folder])
    expect(arrivals.look()).toEqual([])
    writeFileSync(path, 'a')
    expect(arrivals.look()).toEqual([])
    appendFileSync(path, 'b')
    expect(arrivals.look()).toEqual([])
    expect(arrivals.look()).toEqual([path])
    expect(arrivals.look()).toEqual([])
    appendFileSync(path, 'c')
    expect([arrivals.look(), arrivals.look(), arrivals.look()]).toEqual([[], [path], []])
  })

  it('is not what is still being written, empty, hidden, or only renamed', () => {
    const folder = newFolder()
    const arrivals = new Arrivals([folder])
    for (const name of ['a.zip.crdownload', 'b.part', '.c.xml', 'd.tmp'])
      writeFileSync(join(folder, name), 'x')
    writeFileSync(join(folder, 'empty.xml'), '')
    expect([arrivals.look(), arrivals.look()]).toEqual([[], []])
    renameSync(join(folder, 'a.zip.crdownload'), join(folder, 'a.zip'))
    expect([arrivals.look(), arrivals.look()]).toEqual([[], [join(folder, 'a.zip')]])
    renameSync(join(folder, 'a.zip'), join(folder, 'b.zip'))
    expect([arrivals.look(), arrivals.look(), arrivals.look()]).toEqual([[], [], []])
  })

  it('is a folder when nothing in it changes any more, and a file that is named itself', () => {
    const folder = newFolder()
    const inner = join(folder, 'Takeout', 'Fit')
    mkdirSync(inner, { recursive: true })
    const file = join(newFolder(), 'one.xml')
    const arrivals = new Arrivals([folder, file, join(folder, 'none')])
    expect([arrivals.look(), arrivals.look()]).toEqual([[], []])
    writeFileSync(join(inner, 'a.json'), '{}')
    writeFileSync(join(inner, 'b.json.part'), '{')
    expect([arrivals.look(), arrivals.look()]).toEqual([[], []])
    renameSync(join(inner, 'b.json.part'), join(inner, 'b.json'))
    writeFileSync(file, 'x')
    expect([arrivals.look(), arrivals.look()]).toEqual([[], [join(folder, 'Takeout'), file]])
    utimesSync(join(inner, 'a.json'), 1, 2)
    expect([arrivals.look(), arrivals.look()]).toEqual([[], [join(folder, 'Takeout')]])
  })
})

describe('import --watch', () => {
  let home: VaultHome
  beforeAll(async () => {
    home = await vaultHome()
  })
  afterAll(endAgents)

  /** Watches until so many imports are told, then presses Ctrl-C. */
  async function watched(
    at: VaultHome,
    folder: string,
    count: number,
  ): Promise<{ readonly code: number; readonly lines: Document[]; readonly stderr: string }> {
    const linesOf = (stdout: string) => stdout.split('\n').filter((line) => line !== '')
    const done = await at.run(['import', 'auto', folder, '--watch', '--ndjson'], {
      until: (stdout) => linesOf(stdout).length >= count,
    })
    return {
      code: done.code,
      lines: linesOf(done.stdout).map((line) => JSON.parse(line)),
      stderr: done.stderr,
    }
  }

  it('imports each file once, knows it again under another name, and goes on after what it cannot read', async () => {
    const folder = join(home.folder, 'inbox')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.xml'), exportOf('80', '81'))
    writeFileSync(join(folder, 'b.txt'), 'nothing of use')
    writeFileSync(join(folder, 'c.xml'), exportOf('81', '82'))
    const first = await watched(home, folder, 2)
    expect(first.code).toBe(0)
    expect(first.lines.map(({ imported, duplicates }) => [imported, duplicates])).toEqual([
      [2, 0],
      [1, 1],
    ])
    expect(first.stderr).toContain('b.txt: nothing in the input is of a known format: b.txt (text)')
    renameSync(join(folder, 'a.xml'), join(folder, 'renamed.xml'))
    rmSync(join(folder, 'c.xml'))
    const second = await watched(home, folder, 1)
    expect(second.lines).toMatchObject([{ known: true }])
    expect((await home.json(['import', 'history'])).count).toBe(2)
    const told = await home.run(['import', 'auto', folder, '--watch'], {
      until: (_stdout, stderr) => stderr.includes('imported before') && stderr.includes('b.txt'),
    })
    expect(told.stderr).toContain('renamed.xml: imported before')
    writeFileSync(join(folder, 'd.xml'), exportOf('90'))
    const people = await home.run(['import', 'auto', join(folder, 'd.xml'), '--watch'], {
      until: (stdout) => stdout.includes('weight'),
      columns: 80,
    })
    expect(people.stdout).toMatch(/d\.xml\n1 record read/)
    const json = await home.run(['import', 'auto', folder, '--watch', '--json'], {
      until: (_stdout, stderr) => stderr.includes('d.xml: imported before') && stderr.includes('renamed.xml'),
    })
    expect(JSON.parse(json.stdout).count).toBe(2)
  })

  it('asks the agent what is there already, and merges what it seals beside it', async () => {
    const other = await vaultHome({ agent: true })
    const folder = join(other.folder, 'inbox')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.xml'), exportOf('80', '81'))
    const first = await watched(other, folder, 1)
    expect(first.lines).toMatchObject([{ imported: 2, duplicates: 0 }])
    const again = await watched(other, folder, 1)
    expect(again.lines).toMatchObject([{ known: true, imported: 2 }])
  })

  it('goes with files and folders alone', async () => {
    for (const words of [['-'], [home.folder, '--dry-run']]) {
      expect(await home.run(['import', 'auto', ...words, '--watch'])).toMatchObject({ code: 2 })
    }
  })
})
