import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../../../src/foundation/index.ts'
import {
  type CreatedVault,
  inboxCountLimit,
  inboxEntries,
  inboxEntryLimit,
  inboxTotalLimit,
  inboxTotals,
  openInboxWriter,
  openVaultFile,
  type PlacedVaultFile,
  removeInboxEntries,
  sealToInbox,
} from '../../../../src/vault/custody/index.ts'
import { transaction } from '../../../../src/vault/database.ts'
import { createTestVault, newVaultFolder } from './vault-fixture.ts'

const folder = newVaultFolder()
let created: CreatedVault
/** A second handle that never saw a secret. */
let locked: PlacedVaultFile

beforeAll(async () => {
  created = await createTestVault(folder)
  locked = openVaultFile(folder.path, folder)
})
beforeEach(() => {
  removeInboxEntries(
    locked,
    inboxEntries(locked, 0, 1000).map(({ id }) => id),
  )
})
afterAll(() => {
  locked.close()
  created.file.close()
})

const openAll = () =>
  Promise.all(
    inboxEntries(created.file).map(async ({ sealed, aad }) =>
      bytesToUtf8(await created.keyring.openInbox(sealed, aad)),
    ),
  )

describe('the sealed inbox', () => {
  it('takes entries while locked and gives them back unlocked, in order', async () => {
    const first = sealToInbox(locked, utf8ToBytes('weight 81.4'))
    const [second, third] = openInboxWriter(locked).append([utf8ToBytes(''), utf8ToBytes('mood 4')])
    expect(await openAll()).toEqual(['weight 81.4', '', 'mood 4'])
    expect(inboxEntries(locked, 0, 2).map(({ id }) => id)).toEqual([first, second])
    expect(inboxEntries(locked, second, 2).map(({ id }) => id)).toEqual([third])
  })

  it('gives back any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        const id = sealToInbox(locked, bytes)
        const [entry] = inboxEntries(locked, id - 1)
        if (entry === undefined) throw new Error('no entry')
        expect(bytesToHex(await created.keyring.openInbox(entry.sealed, entry.aad))).toBe(bytesToHex(bytes))
      }),
      { numRuns: 30 },
    )
  })

  it('pads, so that sizes tell little, and seals equal entries differently', () => {
    openInboxWriter(locked).append([
      utf8ToBytes('a'.repeat(65)),
      utf8ToBytes('b'.repeat(66)),
      utf8ToBytes('b'.repeat(66)),
    ])
    const entries = inboxEntries(locked)
    expect(new Set(entries.map(({ sealed }) => sealed.length)).size).toBe(1)
    expect(new Set(entries.map(({ sealed }) => bytesToHex(sealed))).size).toBe(3)
  })

  it('removes drained entries within the caller’s transaction and never gives an id twice', () => {
    const ids = openInboxWriter(locked).append([utf8ToBytes('a'), utf8ToBytes('b')])
    const rolledBack = () =>
      transaction(created.file.sqlite, () => {
        removeInboxEntries(created.file, ids)
        throw new Error('rolled back')
      })
    expect(rolledBack).toThrow('rolled back')
    expect(inboxTotals(locked).count).toBe(2)
    removeInboxEntries(created.file, [...ids, 999_999])
    expect(inboxTotals(locked)).toEqual({ count: 0, bytes: 0 })
    expect(sealToInbox(locked, utf8ToBytes('c'))).toBeGreaterThan(ids[1] as number)
  })

  it('refuses an entry that is too large and keeps none of its transaction', () => {
    const writer = openInboxWriter(locked)
    const largest = new Uint8Array(inboxEntryLimit)
    expect(() => writer.append([largest, new Uint8Array(inboxEntryLimit + 1)])).toThrow(
      expect.objectContaining({ code: 'VAULT_LOCKED', hint: 'healthmate unlock' }),
    )
    expect(inboxTotals(locked).count).toBe(0)
    writer.append([largest])
    expect(inboxEntries(locked)[0]?.sealed.length).toBeGreaterThan(inboxEntryLimit)
  })

  it.each([
    ['entries', inboxCountLimit, 0],
    ['bytes', 0, inboxTotalLimit],
  ])('refuses more %s than it may hold', (_, count, bytes) => {
    const totals = Buffer.alloc(12)
    totals.writeUInt32BE(count)
    totals.writeBigUInt64BE(BigInt(bytes), 4)
    const write = locked.sqlite.prepare("UPDATE state SET bytes = ? WHERE key = 'inbox'")
    write.run(totals)
    expect(() => sealToInbox(locked, utf8ToBytes('a'))).toThrow('the inbox of the locked vault is full')
    expect(inboxEntries(locked)).toEqual([])
    write.run(Buffer.alloc(12))
  })

  it('shows rows from outside as entries that do not open', async () => {
    const insert = locked.sqlite.prepare('INSERT INTO inbox (bytes) VALUES (?)')
    insert.run(Buffer.alloc(10))
    insert.run(Buffer.alloc(1024 * 1024))
    sealToInbox(locked, utf8ToBytes('sound'))
    const outcomes = await Promise.allSettled(
      inboxEntries(created.file).map(({ sealed, aad }) => created.keyring.openInbox(sealed, aad)),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    removeInboxEntries(
      locked,
      inboxEntries(locked).map(({ id }) => id),
    )
    expect(inboxTotals(locked)).toEqual({ count: 0, bytes: 0 })
  })
})

describe('the inbox key', () => {
  const pinPath = () =>
    join(folder.configPath, 'pins', readdirSync(join(folder.configPath, 'pins'))[0] as string)

  it('of another identity is refused: nothing is sealed to it', async () => {
    const other = await createTestVault(newVaultFolder())
    const read = (file: PlacedVaultFile) =>
      file.sqlite.prepare("SELECT value FROM meta WHERE key = 'inbox-key'").pluck().get() as Buffer
    const write = (bytes: Uint8Array) =>
      locked.sqlite.prepare("UPDATE meta SET value = ? WHERE key = 'inbox-key'").run(bytes)
    const original = read(locked)
    write(read(other.file))
    expect(() => sealToInbox(locked, utf8ToBytes('a'))).toThrow(
      expect.objectContaining({ code: 'DAMAGED', exitCode: 6 }),
    )
    // The pinned identity beside another inbox key: the signature fails.
    write(Buffer.concat([read(other.file).subarray(0, 32), original.subarray(32)]))
    expect(() => sealToInbox(locked, utf8ToBytes('a'))).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
    write(original)
    sealToInbox(locked, utf8ToBytes('a'))
    other.file.close()
  })

  it('is not trusted without a pin, nor with a damaged one', () => {
    const pin = readFileSync(pinPath(), 'utf8')
    const path = pinPath()
    writeFileSync(path, 'x')
    expect(() => openInboxWriter(locked)).toThrow('holds no fingerprint')
    rmSync(path)
    expect(() => openInboxWriter(locked)).toThrow(expect.objectContaining({ code: 'VAULT_LOCKED' }))
    writeFileSync(path, pin)
    openInboxWriter(locked)
  })
})
