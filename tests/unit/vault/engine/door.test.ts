/** The engine over real custody: create, lock, seal into the inbox, unlock, accept and reject; copies get a new device. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passphraseFloor } from '../../../../src/crypto/index.ts'
import { Redacted, utf8ToBytes } from '../../../../src/foundation/index.ts'
import { emptyChange, observationFlag } from '../../../../src/records/index.ts'
import { createVault, openLocked, type UnlockSecret } from '../../../../src/vault/index.ts'
import { blockOf, entryOf, rowOf, rowsOf, seriesOf } from './test-vault.ts'

const t0 = Date.UTC(2026, 2, 1)
const passphrase = () => new Redacted(utf8ToBytes('correct horse battery staple'))
const secret = (): UnlockSecret => ({ kind: 'passphrase', passphrase: passphrase() })
let folder = ''
let path = ''
const places = () => ({ statePath: join(folder, 'state'), configPath: join(folder, 'config') })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'healthmate-door-'))
  path = join(folder, 'data', 'vault.db')
  const options = { path, passphrase: passphrase(), withRecovery: true, argon2: passphraseFloor, ...places() }
  const { vault, recoveryCode } = await createVault(options)
  expect(recoveryCode).toMatch(/^[0-9a-z-]+$/i)
  vault.write(entryOf('weight', t0, 80))
  vault.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a locked vault', () => {
  it('takes entries, which count unconfirmed after the unlock until accepted', async () => {
    const locked = openLocked(path, places())
    locked.appendToInbox(entryOf('weight', t0 + 1000, 81))
    locked.appendToInbox(entryOf('weight', t0 + 2000, 82))
    const series = seriesOf('heart_rate', 'Watch')
    const block = blockOf(series, [rowOf(t0, 60, { imports: ['x'] }), rowOf(t0 + 1, 61, { imports: ['x'] })])
    locked.appendToInbox({ ...emptyChange, label: 'import', blocks: [block] })
    locked.file.sqlite.prepare("INSERT INTO inbox (bytes) VALUES (x'0011')").run()
    expect(locked.info().inboxEntries).toBe(3)
    const { vault, notices } = await locked.unlock(secret())
    expect(notices).toEqual([])
    const drained = await vault.drainInbox()
    expect(drained).toMatchObject({ entries: 3, damaged: 1 })
    expect(drained.outcomes.map(({ importId }) => importId)).toEqual([null, null, 'x'])
    expect(await vault.drainInbox()).toMatchObject({ entries: 0, damaged: 1 })
    const { unconfirmed } = observationFlag
    expect(rowsOf(vault).map(({ flags }) => flags & unconfirmed)).toEqual([
      unconfirmed,
      unconfirmed,
      unconfirmed,
      unconfirmed,
      0,
    ])
    const items = vault.inboxItems()
    expect(items.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending', 'damaged'])
    expect(vault.acceptInbox([items[0]?.id ?? '', items[2]?.id ?? ''])).toBe(2)
    expect(rowsOf(vault).filter(({ flags }) => (flags & unconfirmed) !== 0)).toMatchObject([
      { startMs: t0 + 2000 },
    ])
    expect(vault.rejectInbox()).toBe(2)
    expect(vault.inboxItems()).toEqual([])
    expect(rowsOf(vault).map(({ values }) => values[0])).toEqual([81, 61, 60, 80])
    expect(() => vault.acceptInbox(['nonsense'])).toThrow(/no inbox entry/)
    const digest = vault.digest()
    vault.rebuild()
    expect(vault.digest()).toBe(digest)
    expect(vault.scrub().damages).toEqual([])
    vault.close()
  })

  it('refuses a wrong passphrase', async () => {
    const locked = openLocked(path, places())
    const wrong: UnlockSecret = {
      kind: 'passphrase',
      passphrase: new Redacted(utf8ToBytes('wrong horse battery')),
    }
    await expect(locked.unlock(wrong)).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' })
    locked.close()
  })
})

describe('a copied or restored vault (T7)', () => {
  it('gets a new device id and goes on in its own chain', async () => {
    const original = openLocked(path, places())
    const opened = await original.unlock(secret())
    opened.vault.write(entryOf('weight', t0 + 9000, 90))
    original.file.sqlite.pragma('wal_checkpoint(TRUNCATE)')
    opened.vault.close()
    const copy = join(folder, 'data', 'copy.db')
    copyFileSync(path, copy)
    const locked = openLocked(copy, places())
    const { vault, notices } = await locked.unlock(secret())
    expect(notices.map(({ kind }) => kind)).toEqual(['restored'])
    vault.write(entryOf('weight', t0 + 10_000, 91))
    const devices = locked.file.sqlite.prepare('SELECT count(DISTINCT device_id) FROM batch').pluck().get()
    expect(devices).toBe(2)
    expect(vault.scrub().damages).toEqual([])
    vault.close()
    const again = await openLocked(copy, places()).unlock(secret())
    expect(again.notices).toEqual([])
    expect(again.vault.undoLast().label).toBe('log weight')
    again.vault.close()
  })
})
