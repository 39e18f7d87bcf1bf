/** T3 and T4 through the built program: exit codes, words and hints on a disk that is full or fails. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passphraseFloor } from '../../src/crypto/index.ts'
import { createVault } from '../../src/vault/index.ts'
import { launcher } from '../acceptance/program.ts'
import { canary, folderIn, type VaultHome, vaultHome } from './cli-home.ts'
import { redacted } from './fault-home.ts'
import { faultLibrary, noFaults } from './fault-library.ts'

/** Runs under a fault in the files whose path has `match`, from the operation `at` on. */
function underFault(
  home: VaultHome,
  words: readonly string[],
  fault: { match: string; op: string; kind: string; at: number; sticky?: boolean },
) {
  const { status, stdout, stderr } = home.run([...words, '--json'], {
    environment: {
      LD_PRELOAD: faultLibrary(),
      FAULT_MATCH: fault.match,
      FAULT_OP: fault.op,
      FAULT_KIND: fault.kind,
      FAULT_AT: String(fault.at),
      FAULT_STICKY: fault.sticky === false ? '0' : '1',
    },
  })
  return { status, stderr, answer: JSON.parse(stdout) }
}

describe.skipIf(noFaults)(`the program (${noFaults ?? 'faults are injected here'})`, () => {
  let home: VaultHome
  let logged = 0
  beforeAll(async () => {
    home = await vaultHome()
    expect(home.run(['log', 'weight', '81kg']).status).toBe(0)
    logged = 1
  })
  const count = () => JSON.parse(home.run(['list', '--json']).stdout).count

  it('ends with 1, says that the disk is full and what helps; then rm works (T3)', () => {
    for (const words of [
      ['log', 'weight', '82kg'],
      ['goal', 'set', 'weight', '75kg'],
      ['undo'],
      ['vault', 'compact'],
    ]) {
      const full = underFault(home, words, { match: 'vault.hmv', op: 'write', kind: 'enospc', at: 1 })
      expect([full.status, full.answer.error?.code], words.join(' ')).toEqual([1, 'IO'])
      expect(full.answer.error.message).toMatch(/full|ENOSPC/)
      expect(full.answer.error.hint).toMatch(/[Ff]ree some space/)
      expect(count()).toBe(logged)
    }
    const { records } = JSON.parse(home.run(['list', '--json']).stdout)
    expect(home.run(['log', 'weight', '83kg']).status).toBe(0)
    expect(home.run(['rm', records[0].id, '--yes']).status).toBe(0)
    expect(count()).toBe(1)
  })

  it.each(['csv', 'ndjson', 'fhir', 'gdpr'])(
    'leaves nothing of an export %s on a full disk (T3)',
    (format) => {
      const folder = folderIn(home, `full-${format}`)
      const out = join(folder, format === 'gdpr' ? 'a.zip' : `a.${format}`)
      for (const [op, kind] of [
        ['write', 'enospc'],
        ['sync', 'eio'],
      ] as const) {
        const done = underFault(home, ['export', format, '--out', out], { match: folder, op, kind, at: 1 })
        expect([done.status, done.answer.error?.code], `${op} ${kind}`).toEqual([1, 'IO'])
        expect(readdirSync(folder)).toEqual([])
      }
    },
  )

  it.each(['svg', 'png'])(
    'leaves nothing of a picture %s on a full disk, and writes it whole otherwise (T3, T4)',
    (kind) => {
      const folder = folderIn(home, `picture-${kind}`)
      const out = join(folder, `a.${kind}`)
      const words = ['chart', 'weight', `--${kind}`, out]
      const full = underFault(home, words, { match: folder, op: 'write', kind: 'enospc', at: 1 })
      expect([full.status, full.answer.error.code]).toEqual([1, 'IO'])
      expect(readdirSync(folder)).toEqual([])
      expect(underFault(home, words, { match: folder, op: 'write', kind: 'short', at: 1 }).status).toBe(0)
      const short = readFileSync(out)
      expect(home.run([...words, '--force']).status).toBe(0)
      expect(readFileSync(out).equals(short)).toBe(true)
    },
  )

  it('keeps the settings whole when writes stop short or fail (T4)', () => {
    const folder = home.places.configPath
    const short = underFault(home, ['config', 'set', 'units.weight', 'kg'], {
      match: folder,
      op: 'write',
      kind: 'short',
      at: 1,
    })
    expect(short.status).toBe(0)
    expect(JSON.parse(home.run(['config', 'get', 'units.weight', '--json']).stdout)).toMatchObject({
      value: 'kg',
    })
    const before = readFileSync(join(folder, 'config.json'))
    for (const op of ['write', 'sync', 'name']) {
      const failed = underFault(home, ['config', 'set', 'units.weight', '[lb_av]'], {
        match: folder,
        op,
        kind: 'eio',
        at: 1,
        sticky: false,
      })
      expect([failed.status, failed.answer.error?.code], op).toEqual([1, 'IO'])
      expect(readFileSync(join(folder, 'config.json')).equals(before), op).toBe(true)
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    }
  })

  it('says nothing of "logged" when the write, its synchronisation or the anchor fails (T4)', () => {
    const before = count()
    for (const [match, op] of [
      ['vault.hmv', 'write'],
      ['vault.hmv', 'sync'],
    ] as const) {
      const failed = underFault(home, ['log', 'weight', '84kg'], { match, op, kind: 'eio', at: 1 })
      expect([failed.status, failed.answer.error?.code, failed.answer.logged]).toEqual([1, 'IO', undefined])
      expect(count()).toBe(before)
    }
    const anchor = underFault(home, ['log', 'weight', '85kg'], {
      match: 'anchors',
      op: 'sync',
      kind: 'eio',
      at: 1,
    })
    expect([anchor.status, anchor.answer.error?.code]).toEqual([1, 'IO'])
    expect(JSON.parse(home.run(['vault', 'check', '--json']).stdout)).toMatchObject({ sound: true })
  })
})

describe('a disk that is really full', () => {
  const mountPoint = { path: '' }
  const home: { vault?: VaultHome } = {}
  let reason = 'only root may mount a small disk here'
  const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount()

  function tryMount(): boolean {
    const path = `/tmp/hm-small-disk-${process.pid}`
    mkdirSync(path, { recursive: true })
    const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', path], {
      encoding: 'utf8',
    })
    if (done.status !== 0) reason = `mount: ${done.stderr.trim()}`
    mountPoint.path = path
    return done.status === 0
  }
  afterAll(() => {
    if (canMount) spawnSync('umount', [mountPoint.path])
    if (mountPoint.path !== '') rmdirSync(mountPoint.path)
  })

  it.skipIf(!canMount)(
    `refuses what does not fit, keeps the rest, and erases (T3; ${canMount ? 'a tmpfs of 2 MiB' : reason})`,
    async () => {
      home.vault = await vaultHome()
      const vault = join(mountPoint.path, 'small.hmv')
      const run = (...words: string[]) => {
        const done = spawnSync(process.execPath, [launcher, '--vault', vault, ...words, '--json'], {
          encoding: 'utf8',
          env: home.vault?.environment ?? {},
        })
        return { status: done.status, answer: JSON.parse(done.stdout) }
      }
      const options = { path: vault, ...home.vault.places, passphrase: redacted(canary), withRecovery: true }
      const made = await createVault({ ...options, argon2: passphraseFloor })
      made.vault.close()
      expect(run('log', 'weight', '81kg').status).toBe(0)
      // Makes the reserve beside the vault.
      expect(run('recovery', 'rotate', '--yes').status).toBe(0)
      const filler = join(mountPoint.path, 'filler')
      for (let size = 2048; size >= 4; size /= 2) {
        const path = `${filler}${size}`
        try {
          writeFileSync(path, Buffer.alloc(size * 1024))
        } catch {
          spawnSync('truncate', ['-s', '0', path])
        }
      }
      // Reading needs the index of the write-ahead log; the reserve makes room for it.
      expect(existsSync(`${vault}.reserve`)).toBe(true)
      const listed = run('list')
      expect([listed.status, listed.answer.count]).toEqual([0, 1])
      const big = join(folderIn(home.vault, 'big'), 'scan.pdf')
      writeFileSync(big, randomBytes(1024 * 1024))
      const full = run('attach', listed.answer.records[0].id, big)
      expect([full.status, full.answer.error?.code]).toEqual([1, 'IO'])
      expect(full.answer.error.hint).toMatch(/[Ff]ree some space/)
      expect(run('list').answer.count).toBe(1)
      // Changing slots must work: it is how a secret that leaked is taken away.
      expect(run('recovery', 'rotate', '--yes').status).toBe(0)
      for (const name of readdirSync(mountPoint.path)) {
        if (name.startsWith('filler')) spawnSync('rm', [join(mountPoint.path, name)])
      }
      const { records } = run('list').answer
      expect(run('rm', records[0].id, '--yes').status).toBe(0)
      expect(run('vault', 'scrub').status).toBe(0)
    },
    120_000,
  )
})
