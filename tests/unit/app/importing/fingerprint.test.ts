import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inputFingerprint } from '../../../../src/app/importing/fingerprint.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-fingerprint-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the fingerprint of an input', () => {
  it('follows from content and options, not from the name', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'abc')
    const first = await inputFingerprint([path], ['auto'])
    expect(await inputFingerprint([path], ['auto'])).toBe(first)
    expect(await inputFingerprint([path], ['csv'])).not.toBe(first)
    renameSync(path, join(folder, 'b.csv'))
    expect(await inputFingerprint([join(folder, 'b.csv')], ['auto'])).toBe(first)
    writeFileSync(path, 'abd')
    expect(await inputFingerprint([path], ['auto'])).not.toBe(first)
  })

  it('is a new one each time for standard input and for what is no regular file', async () => {
    for (const path of ['-', '/dev/null']) {
      expect(await inputFingerprint([path], [])).not.toBe(await inputFingerprint([path], []))
    }
  })

  it('sees a change in the middle and at the ends of a large file', async () => {
    const path = join(folder, 'large.bin')
    const bytes = Buffer.alloc(12 * 1024 * 1024, 'x')
    writeFileSync(path, bytes)
    const first = await inputFingerprint([path], [])
    const size = bytes.length - 16 * 1024
    for (const at of [0, Math.floor((size * 31) / 64), bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = 0
      writeFileSync(path, changed)
      expect(await inputFingerprint([path], [])).not.toBe(first)
    }
    writeFileSync(path, bytes)
    expect(await inputFingerprint([path], [])).toBe(first)
    truncateSync(path, bytes.length - 1)
    expect(await inputFingerprint([path], [])).not.toBe(first)
  })

  it('of a folder follows from the files below it, of standard input is never the same', async () => {
    const root = join(folder, 'Takeout')
    mkdirSync(join(root, 'Fit'), { recursive: true })
    const file = join(root, 'Fit', 'a.json')
    writeFileSync(file, '{}')
    utimesSync(file, 1, 1)
    const first = await inputFingerprint([root], [])
    expect(await inputFingerprint([root], [])).toBe(first)
    utimesSync(file, 1, 2)
    expect(await inputFingerprint([root], [])).not.toBe(first)
    expect(await inputFingerprint(['-'], [])).not.toBe(await inputFingerprint(['-'], []))
    await expect(inputFingerprint([join(folder, 'none')], [])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
