/** T5, T6, T7, T10, T17: damage, rollback and swapped rows are noticed, named, and never read as records. */
import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { emptyChange, type RawRecord } from '../../../../src/records/index.ts'
import { anchorState } from '../../../../src/vault/engine/vault.ts'
import {
  blockOf,
  entryOf,
  MemoryAnchor,
  newTestVault,
  openTestVault,
  removeTestVaults,
  rowOf,
  rowsOf,
  seriesOf,
  type TestVault,
  testKeyring,
} from './test-vault.ts'

afterEach(removeTestVaults)

const t0 = Date.UTC(2026, 2, 1)

async function fullVault(): Promise<TestVault> {
  const opened = await newTestVault()
  const { vault } = opened
  vault.write(entryOf('weight', t0, 80))
  const rows = Array.from({ length: 20_000 }, (_, i) => rowOf(t0 + i * 1000, 60 + (i % 5)))
  const raw: RawRecord[] = [{ type: 'X', where: 'x:1', startMs: null, text: 'kept as it is' }]
  vault.importSink('a').write({
    blocks: [
      blockOf(seriesOf('heart_rate', 'Watch'), rows),
      blockOf(seriesOf('heart_rate', 'Ring'), rows.slice(0, 10)),
    ],
    raw,
    attachments: [{ id: 'att', name: 'x.txt', mediaType: 'text/plain', bytes: new Uint8Array(5000).fill(1) }],
    operations: [{ kind: 'entity', type: 'goal', id: 'g', field: 'name', value: 'walk' }],
    consumed: 1,
  })
  const ref = vault.locate(vault.latest({ metric: 'weight' }, 1)[0]?.id ?? '')?.ref
  if (ref === undefined) throw new Error('not located')
  const operations = [{ kind: 'observation', ref, field: 'note', value: 'n' }] as const
  vault.write({ ...emptyChange, label: 'note', operations })
  vault.settle()
  expect(vault.scrub().damages).toEqual([])
  return opened
}

const tables: readonly (readonly [table: string, object: RegExp])[] = [
  ['batch', /^batch \d+ of \w+ \(device [0-9a-f]{8}\)$/],
  ['segment', /^segment \d+ of (vitals|activity) \(\w+\)$|^segment \d+ of \w+/],
  ['rollup', /^daily rollups \d+ of \w+$/],
  ['resolved', /^resolved rollups \d+ of \w+$/],
  ['directory', /^the directory of \w+$/],
  ['entity', /^entity [0-9a-f]{8} of \w+$/],
  ['overlay', /^edits [0-9a-f]{8} of \w+$/],
  ['raw', /^raw records \d+$/],
  ['blob_chunk', /^the attachment att$/],
  ['state', /^the state "\w+"$/],
]

describe('scrub', () => {
  it.each(tables)('names the damaged row of %s and goes on (T5)', async (table, object) => {
    const { vault, sqlite } = await fullVault()
    const rowid = ['directory', 'entity', 'state'].includes(table) ? undefined : 'rowid'
    const where = rowid === undefined ? '' : ` WHERE rowid = (SELECT max(rowid) FROM ${table})`
    const row = sqlite.prepare(`SELECT bytes FROM ${table}${where} LIMIT 1`).pluck().get() as Uint8Array
    const flipped = Uint8Array.from(row)
    flipped[flipped.length - 5] = (flipped.at(-5) as number) ^ 4
    sqlite.prepare(`UPDATE ${table} SET bytes = ? WHERE bytes = ?`).run(flipped, row)
    const { damages } = vault.scrub()
    expect(damages.length).toBeGreaterThan(0)
    expect(damages.map((damage) => damage.object).some((name) => object.test(name))).toBe(true)
    vault.close()
  })

  it('notices rows that were swapped, removed or put elsewhere (T10)', async () => {
    const { vault, sqlite } = await fullVault()
    const [one, two] = sqlite.prepare('SELECT id, bytes FROM segment ORDER BY id').all() as {
      id: number
      bytes: Uint8Array
    }[]
    const set = sqlite.prepare('UPDATE segment SET bytes = ? WHERE id = ?')
    set.run(two?.bytes, one?.id)
    expect(vault.scrub().damages.map(({ object }) => object)).toEqual([
      expect.stringMatching(`^segment ${one?.id} of`),
    ])
    set.run(one?.bytes, one?.id)
    sqlite.prepare('DELETE FROM segment WHERE id = ?').run(two?.id)
    const missing = { object: expect.stringMatching(`^segment ${two?.id} of`), reason: 'it is missing' }
    expect(vault.check().damages).toEqual([missing])
    expect(vault.scrub().damages).toContainEqual(missing)
    sqlite.prepare('DELETE FROM raw').run()
    expect(vault.scrub().damages.some(({ object }) => /^raw records/.test(object))).toBe(true)
    vault.close()
  })

  it('notices a batch that is missing or lost its content without a snapshot', async () => {
    const { vault, sqlite } = await fullVault()
    const row = sqlite.prepare('SELECT rowid AS id, bytes FROM batch ORDER BY length(bytes) DESC').get() as {
      id: number
      bytes: Uint8Array
    }
    const { parseBatch, pruneBatch } = await import('../../../../src/protocol/index.ts')
    sqlite
      .prepare('UPDATE batch SET bytes = ? WHERE rowid = ?')
      .run(pruneBatch(parseBatch(row.bytes)), row.id)
    expect(vault.scrub().damages.some(({ reason }) => /lost its content/.test(reason))).toBe(true)
    expect(() => vault.rebuild()).toThrow(/lost its content/)
    expect(() => vault.compact()).toThrow(/lost its content/)
    sqlite.prepare('DELETE FROM batch WHERE seq = 1').run()
    expect(vault.check().damages.some(({ reason }) => /are missing/.test(reason))).toBe(true)
    vault.close()
  })

  it('mends damaged derived state by a rebuild', async () => {
    const { vault, sqlite } = await fullVault()
    const digest = vault.digest()
    sqlite.prepare('DELETE FROM segment').run()
    sqlite.prepare("UPDATE directory SET bytes = x'00'").run()
    expect(vault.check().damages.length).toBeGreaterThan(0)
    vault.rebuild()
    expect(vault.digest()).toBe(digest)
    expect(vault.scrub().damages).toEqual([])
    vault.close()
  })

  it('never gives other records than were written, whatever bit of the file flips (T5)', async () => {
    const { vault, path, sqlite } = await fullVault()
    const expected = JSON.stringify(rowsOf(vault))
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
    vault.close()
    const clean = readFileSync(path)
    for (let probe = 0; probe < 60; probe++) {
      const flipped = Buffer.from(clean)
      const at = Math.floor(((probe + 0.5) / 60) * clean.length)
      flipped[at] = (flipped[at] as number) ^ (1 << (probe % 8))
      writeFileSync(path, flipped)
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
      let rows: string | undefined
      let opened: TestVault | undefined
      try {
        opened = openTestVault(path)
        rows = JSON.stringify(rowsOf(opened.vault))
      } catch {
        // Refused: that is the other right answer.
      }
      if (rows !== undefined) expect(rows, `bit flipped at ${at}`).toBe(expected)
      opened?.sqlite.close()
    }
  })
})

describe('rollback', () => {
  it('is noticed for every truncation of the write-ahead log, and opens to a committed state (T6)', async () => {
    const anchor = new MemoryAnchor()
    const { vault, path, sqlite } = await newTestVault({ anchor })
    sqlite.pragma('wal_autocheckpoint = 0')
    const states = [vault.digest()]
    for (let i = 0; i < 4; i++) {
      vault.write(entryOf('weight', t0 + i * 1000, 80 + i))
      states.push(vault.digest())
    }
    const wal = `${path}-wal`
    const size = statSync(wal).size
    const frame = 24 + 4096
    for (let end = 32; end <= size; end += frame * 3 - 1) {
      const copy = `${path}.${end}`
      copyFileSync(path, copy)
      copyFileSync(wal, `${copy}-wal`)
      truncateSync(`${copy}-wal`, end)
      const opened = openTestVault(copy, { anchor })
      const digest = opened.vault.digest()
      expect(states).toContain(digest)
      const file = { path: copy, sqlite: opened.sqlite, vaultId: testKeyring().vaultId, close() {} }
      expect(anchorState(file, testKeyring(), anchor)).toBe(
        digest === states.at(-1) ? 'sound' : 'rolled-back',
      )
      expect(opened.vault.scrub().damages).toEqual([])
      opened.vault.close()
      for (const suffix of ['', '-wal', '-shm']) if (existsSync(copy + suffix)) rmSync(copy + suffix)
    }
    vault.close()
  })

  it('of a restored file is told from a new vault (T7)', async () => {
    const { vault, path, sqlite } = await newTestVault()
    const file = { path, sqlite, vaultId: testKeyring().vaultId, close() {} }
    const none = { read: () => null, write() {} }
    expect(anchorState(file, testKeyring(), none)).toBe('sound')
    vault.write(entryOf('weight', t0, 80))
    expect(anchorState(file, testKeyring(), none)).toBe('restored')
    // A new device goes on in a chain of its own.
    const other = openTestVault(path, { device: 'device-b' })
    other.vault.write(entryOf('weight', t0 + 1, 81))
    expect(other.vault.scrub().damages).toEqual([])
    expect(rowsOf(other.vault)).toHaveLength(2)
    other.vault.close()
    vault.close()
  })
})
