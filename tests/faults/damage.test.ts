/**
 * T5, T6 and T15 on a whole vault: flipped bits outside the tables, a write-ahead log that was cut, flipped or deleted
 * under its head anchor, and clocks that jump. Single rows and pages are in tests/unit/vault/engine/damage.test.ts.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Failure } from '../../src/foundation/index.ts'
import { openLocked, systemDeps, type Vault } from '../../src/vault/index.ts'
import { type VaultHome, vaultHome } from './cli-home.ts'
import { FaultHome } from './fault-home.ts'
import { isLong, places } from './fault-library.ts'
import { entry } from './workload.ts'

/** Flips one bit of a file in place. */
function flip(path: string, at: number, bit = 3): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] as number) ^ (1 << bit)
  writeFileSync(path, bytes)
}

describe('a write-ahead log that lost commits', () => {
  let home: FaultHome
  const states: string[] = []
  let log: Buffer
  const logPath = () => `${home.path}-wal`
  const frame = 24 + 4096

  beforeAll(async () => {
    home = await FaultHome.withVault()
    // Killed after the third commit and its anchor: all three are in the log and nowhere else.
    const before = await home.open()
    states.push(before.vault.digest())
    before.close()
    const killed = home.run('log', { killAt: { step: 'write:after-anchor', time: 3 } })
    expect([killed.killed, killed.acknowledged.length]).toEqual([true, 2])
    log = readFileSync(logPath())
    home.keep()
    const after = await home.open()
    states.push(...killed.acknowledged, after.vault.digest())
    after.close()
  })
  afterEach(() => home.reset())
  afterAll(() => home.remove())

  async function expectCommittedPrefix(what: string): Promise<void> {
    const lastSeq = () => {
      const sqlite = new SqliteDatabase(home.path, { readonly: true })
      const rows = sqlite.prepare('SELECT hex(device_id) || hex(collection_id) || seq AS k FROM batch').all()
      sqlite.close()
      return rows.map((row) => (row as { k: string }).k)
    }
    const opened = await home.open()
    const digest = opened.vault.digest()
    expect(states, what).toContain(digest)
    const isWhole = digest === states.at(-1)
    expect(opened.notices.some((kind) => kind === 'rolled-back' || kind === 'restored')).toBe(!isWhole)
    const before = lastSeq()
    opened.vault.write(entry(300))
    const added = lastSeq().filter((key) => !before.includes(key))
    expect(opened.vault.check().damages, what).toEqual([])
    expect(opened.vault.scrub().damages, what).toEqual([])
    opened.close()
    // A device that lost batches goes on under another name: no number is given twice.
    const devices = new Set(added.map((key) => key.slice(0, 32)))
    if (!isWhole) for (const key of before) expect(devices.has(key.slice(0, 32)), what).toBe(false)
    const again = await home.open()
    expect(again.notices, `${what}, opened again`).toEqual([])
    again.close()
  }

  it('opens to a committed state wherever it is cut, and the anchor tells (T6)', async () => {
    const ends = Array.from(
      { length: Math.floor((log.length - 32) / frame) + 1 },
      (_, index) => 32 + index * frame,
    )
    const chosen = isLong ? ends : places(ends.length, 7).map((place) => ends[place - 1] as number)
    for (const end of chosen) {
      for (const size of [end - 1, end, end + 1]) {
        home.reset()
        truncateSync(logPath(), Math.min(size, log.length))
        await expectCommittedPrefix(`cut at ${size} of ${log.length}`)
      }
    }
  })

  it('opens to a committed state when it is gone, with its index or without (T6)', async () => {
    for (const gone of [['-wal'], ['-wal', '-shm'], ['-shm']]) {
      home.reset()
      for (const suffix of gone) rmSync(home.path + suffix, { force: true })
      await expectCommittedPrefix(`without ${gone}`)
    }
  })

  it('opens to a committed state whichever bit of it flips (T6)', async () => {
    for (const place of places(isLong ? 400 : 12, 12)) {
      home.reset()
      flip(logPath(), Math.floor(((place - 0.5) / (isLong ? 400 : 12)) * log.length), place % 8)
      await expectCommittedPrefix(`bit flipped at place ${place}`)
    }
  })
})

describe('the clock', () => {
  const yearMs = 365.25 * 86_400_000

  it('may jump by ten years, forwards and back: writes are taken, the last edit counts (T15)', async () => {
    const home = await FaultHome.withVault()
    const at = async (jumpMs: number, work: (vault: Vault) => void): Promise<void> => {
      const clock = { nowMs: () => Date.now() + jumpMs }
      const { vault } = await openLocked(home.path, home, { ...systemDeps, clock }).unlock(home.secret())
      work(vault)
      expect(vault.check().damages).toEqual([])
      vault.close()
    }
    const goal = (value: string) => ({
      label: 'goal',
      blocks: [],
      raw: [],
      attachments: [],
      operations: [{ kind: 'entity', type: 'goal', id: 'g', field: 'metric', value } as const],
    })
    const jumps = [10 * yearMs, -10 * yearMs, 0, 10 * yearMs, -3_600_000, 3_600_000, -56 * yearMs, 0]
    for (const [index, jump] of jumps.entries()) {
      await at(jump, (vault) => {
        vault.write(entry(400 + index))
        vault.write(goal(`value ${index}`))
        expect(vault.entity('goal', 'g')?.fields['metric']).toBe(`value ${index}`)
      })
    }
    await at(0, (vault) => {
      const digest = vault.digest()
      vault.rebuild()
      expect(vault.digest()).toBe(digest)
      expect(vault.entity('goal', 'g')?.fields['metric']).toBe(`value ${jumps.length - 1}`)
      const times = vault.latest({ metric: 'weight' }, 100).map(({ startMs }) => startMs)
      for (const index of jumps.keys()) {
        expect(times, 'event times are as given').toContain(entry(400 + index).blocks[0]?.columns.startMs[0])
      }
      vault.undoLast()
      vault.undoLast()
      expect(vault.latest({ metric: 'weight' }, 100)).toHaveLength(times.length - 1)
    })
    home.remove()
  })

  it('may jump during a write (T15)', async () => {
    const home = await FaultHome.withVault()
    let calls = 0
    const clock = { nowMs: () => Date.now() + (calls++ % 2 === 0 ? 10 : -10) * yearMs }
    const { vault } = await openLocked(home.path, home, { ...systemDeps, clock }).unlock(home.secret())
    for (let index = 500; index < 520; index++) vault.write(entry(index))
    const digest = vault.digest()
    vault.rebuild()
    expect(vault.digest()).toBe(digest)
    expect(vault.latest({ metric: 'weight' }, 100)).toHaveLength(40)
    expect(vault.compact().collections).toContain('vitals')
    expect(vault.digest()).toBe(digest)
    vault.close()
    home.remove()
  })
})

describe('the program', () => {
  let home: VaultHome
  let kept: Map<string, Buffer>
  const anchorPath = () => {
    const folder = join(home.places.statePath, 'anchors')
    return join(folder, readdirSync(folder)[0] as string)
  }
  const json = (...words: string[]) => {
    const { status, stdout } = home.run([...words, '--json'])
    return { status, answer: JSON.parse(stdout) }
  }
  beforeAll(async () => {
    home = await vaultHome()
    for (const words of [
      ['log', 'weight', '81.5kg'],
      ['log', 'glucose', '5.6mmol/L'],
      ['log', 'mood', '4'],
      ['goal', 'set', 'weight', '75kg'],
    ]) {
      expect(home.run(words).status, words.join(' ')).toBe(0)
    }
    kept = new Map([home.vaultPath, anchorPath()].map((path) => [path, readFileSync(path)]))
  })
  afterEach(() => {
    for (const [path, bytes] of kept) writeFileSync(path, bytes)
    for (const suffix of ['-wal', '-shm']) rmSync(home.vaultPath + suffix, { force: true })
  })

  it('names the damaged record, ends with 6, and still shows the others (T5)', () => {
    const sqlite = new SqliteDatabase(home.vaultPath)
    const id = (sqlite.prepare('SELECT id FROM collection ORDER BY id').pluck().all() as Buffer[]).length
    expect(id).toBeGreaterThan(1)
    const rows = sqlite.prepare('SELECT id, bytes FROM segment').all() as { id: number; bytes: Buffer }[]
    const victim = rows[0] as { id: number; bytes: Buffer }
    victim.bytes[victim.bytes.length - 20] = (victim.bytes.at(-20) as number) ^ 1
    sqlite.prepare('UPDATE segment SET bytes = ? WHERE id = ?').run(victim.bytes, victim.id)
    sqlite.close()
    const scrub = json('vault', 'scrub')
    expect(scrub.status).toBe(6)
    const objects = scrub.answer.damages.map(({ object }: { object: string }) => object)
    expect(objects).toEqual([
      expect.stringMatching(`^segment ${victim.id} of \\w+ \\((weight|glucose|mood)\\)$`),
    ])
    const metric = /\((\w+)\)/.exec(objects[0])?.[1] as string
    const broken = json('list', metric)
    expect([broken.status, broken.answer.error.code]).toEqual([6, 'DAMAGED'])
    for (const other of ['weight', 'glucose', 'mood'].filter((name) => name !== metric)) {
      expect(json('list', other).answer.count, other).toBe(1)
    }
    // Segments follow from the batches: they are mended from them.
    expect(json('vault', 'scrub', '--repair').status).toBe(0)
    expect(json('list', metric).answer.count).toBe(1)
  })

  it('never shows another value, whichever page has a flipped bit (T5)', () => {
    const clean = kept.get(home.vaultPath) as Buffer
    const pages = clean.length / 4096
    const expected = JSON.stringify(json('list').answer)
    for (const place of places(pages, 8)) {
      writeFileSync(home.vaultPath, clean)
      flip(home.vaultPath, (place - 1) * 4096 + ((place * 977) % 4096), place % 8)
      const { status, answer } = json('list')
      if (status === 0) expect(JSON.stringify(answer), `page ${place}`).toBe(expected)
      else
        expect(['DAMAGED', 'UNSUPPORTED_FORMAT', 'WRONG_PASSPHRASE'], `page ${place}`).toContain(
          answer.error.code,
        )
      for (const suffix of ['-wal', '-shm']) rmSync(home.vaultPath + suffix, { force: true })
    }
  })

  it('tells that the head anchor was changed, and goes on under a new device id (T5)', () => {
    flip(anchorPath(), 60)
    const done = home.run(['list', '--json'])
    expect(done.status).toBe(0)
    expect(done.stderr).toContain('anchor')
    expect(json('vault', 'check').status).toBe(0)
    expect(home.run(['list', '--json']).stderr).not.toContain('anchor')
  })

  it('says which setting of a damaged configuration it does not understand (T5)', () => {
    const path = join(home.places.configPath, 'config.json')
    expect(home.run(['config', 'set', 'units.weight', 'kg']).status).toBe(0)
    const clean = readFileSync(path)
    for (let at = 0; at < clean.length; at += isLong ? 1 : 9) {
      writeFileSync(path, clean)
      flip(path, at, at % 7)
      const { status, answer } = json('config', 'get', 'units.weight')
      expect([0, 2, 6], `bit flipped at ${at}`).toContain(status)
      if (status !== 0) expect(answer.error.code).not.toBe('INTERNAL')
    }
    rmSync(path)
    expect(existsSync(path)).toBe(false)
    expect(statSync(home.vaultPath).size).toBeGreaterThan(0)
  })
})

it('a file that is no vault is told from a damaged one (T5)', async () => {
  const home = await FaultHome.withVault()
  writeFileSync(home.path, 'not a database at all, but long enough to look at')
  await expect(home.open()).rejects.toThrow(Failure)
  home.remove()
})
