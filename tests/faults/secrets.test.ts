/** T41 and T8: nothing that opens a vault, and no record, is found anywhere but sealed; a wrong secret tells nothing. */
import { spawnSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openVaultFile, unlockVault } from '../../src/vault/index.ts'
import { launcher } from '../acceptance/program.ts'
import { canary, everythingUnder, folderIn, type VaultHome, vaultHome } from './cli-home.ts'
import { redacted } from './fault-home.ts'

const isLinux = process.platform === 'linux'
const noteCanary = 'canary-note-of-a-record-5d1e'
const valueCanary = '87.654321'

describe('secrets', () => {
  let home: VaultHome
  let said = ''
  beforeAll(async () => {
    home = await vaultHome()
    const temporary = { TMPDIR: folderIn(home, 'temporary') }
    const run = (words: readonly string[], environment: Record<string, string> = {}): void => {
      const { stdout, stderr } = home.run(words, { environment: { ...temporary, ...environment } })
      // What shows records is meant to; the rest of the words must not.
      if (!['list', 'show', 'search'].includes(words[0] as string)) said += stdout + stderr
    }
    run(['log', 'weight', `${valueCanary}kg`, '--note', noteCanary, '--tag', noteCanary, '--quiet'])
    // Into the sealed inbox.
    run(['log', 'mood', '4', '--note', noteCanary, '--verbose'], { HEALTHMATE_PASSPHRASE_FILE: '' })
    run(['unlock', '--verbose'], { NODE_OPTIONS: '--max-old-space-size=200' })
    for (const words of [
      ['list', '--verbose'],
      ['status', '--why', '--verbose'],
      ['doctor', '--verbose'],
      ['doctor', '--json'],
      ['vault', 'info', '--verbose'],
      ['vault', 'check', '--verbose'],
      ['vault', 'compact', '--verbose'],
      ['export', 'csv', '--out', '/nowhere/x', '--verbose'],
      ['export', 'csv', '--out', '/nowhere/x', '--passphrase-file', home.vaultPath, '--verbose'],
      ['passphrase', 'change', '--new-passphrase-file', '/nowhere', '--verbose'],
      ['config', 'list', '--json'],
      ['import', 'apple-health', home.passphraseFile, '--verbose'],
      ['log', '--stdin', '--verbose'],
    ]) {
      run(words)
    }
    run(['status', '--why'], { HEALTHMATE_PASSPHRASE: canary })
    run(['list', '--insecure-env', '--verbose'], {
      HEALTHMATE_PASSPHRASE: `${canary} no`,
      HEALTHMATE_PASSPHRASE_FILE: '',
    })
  })
  afterAll(() => {
    home.run(['lock'])
  })

  it('and records are in no message of the program, with --verbose neither (T41)', () => {
    expect(said.length).toBeGreaterThan(500)
    for (const secret of [canary, noteCanary, valueCanary]) expect(said).not.toContain(secret)
  })

  it('and records are in no file of the program but sealed, and none is left elsewhere (T41)', async () => {
    const file = openVaultFile(home.vaultPath, home.places)
    const { keyring } = await unlockVault(file, { kind: 'passphrase', passphrase: redacted(canary) })
    const root = Buffer.from(keyring.rootKey.dangerouslyExpose())
    const record = Buffer.from(keyring.key('vitals', 1, 'record'))
    const doubled = Buffer.alloc(8)
    doubled.writeDoubleLE(Number(valueCanary))
    const needles = [
      ...[canary, noteCanary, valueCanary, 'weight', 'vitals'].map((text) => Buffer.from(text)),
      ...[root, record].flatMap((key) => [
        key,
        Buffer.from(key.toString('hex')),
        Buffer.from(key.toString('base64')),
      ]),
      doubled,
    ]
    keyring.wipe()
    file.close()
    const files = everythingUnder(home.folder).filter((path) => lstatSync(path).isFile())
    expect(files.length).toBeGreaterThan(2)
    for (const path of files) {
      const bytes = readFileSync(path)
      for (const needle of needles) {
        expect(bytes.includes(needle), `${needle.toString('latin1').slice(0, 8)}… in ${path}`).toBe(false)
      }
    }
    expect(readdirSync(join(home.folder, 'temporary'))).toEqual([])
  })

  it.skipIf(!isLinux)('are neither among the arguments nor in the environment of the agent (T41)', () => {
    const agent = agentOf(home)
    const facts = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${agent}/${name}`, 'utf8'))
    for (const text of facts) {
      expect(text).not.toContain(canary)
      expect(text).not.toContain('HEALTHMATE_PASSPHRASE')
      expect(text).not.toContain('NODE_OPTIONS')
    }
  })

  it.skipIf(!isLinux)(
    'are in no core dump of the agent, and SIGUSR1 opens no inspector in it (T41)',
    async () => {
      const agent = agentOf(home)
      expect(readFileSync(`/proc/${agent}/limits`, 'utf8')).toMatch(/Max core file size +0 +0/)
      process.kill(agent, 'SIGUSR1')
      const status = home.run(['status', '--json'])
      expect(JSON.parse(status.stdout)).toMatchObject({ agent: expect.anything() })
      expect(listeningPorts(agent), 'ports that the agent listens on').toEqual([])
    },
  )

  it.skipIf(!isLinux)(
    'are not written by a diagnostic report or a heap snapshot asked for from outside (T41)',
    () => {
      const folder = folderIn(home, 'work')
      for (const options of [
        '--report-on-signal --report-uncaught-exception --report-on-fatalerror',
        '--heapsnapshot-signal=SIGUSR2',
      ]) {
        const done = spawnSync(process.execPath, [launcher, 'lst'], {
          encoding: 'utf8',
          cwd: folder,
          env: { ...home.environment, NODE_OPTIONS: options },
        })
        expect(done.status).toBe(2)
      }
      expect(readdirSync(folder)).toEqual([])
    },
  )
})

describe('a wrong secret', () => {
  it('ends with the same words and code whatever is wrong with it (T8)', async () => {
    const home = await vaultHome()
    const wrong = join(folderIn(home, 'w'), 'wrong')
    const answers = ['x', 'another passphrase', canary.toUpperCase(), `${canary} `, canary.slice(0, -1)].map(
      (text) => {
        writeFileSync(wrong, text, { mode: 0o600 })
        // Failures make the next attempt wait; here only the answer is looked at.
        for (const name of attemptFiles(home)) writeFileSync(name, '')
        const { status, stdout } = home.run(['list', '--json', '--passphrase-file', wrong])
        return [status, stdout]
      },
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]?.[0]).toBe(4)
    expect(JSON.parse(answers[0]?.[1] as string).error.code).toBe('WRONG_PASSPHRASE')
  })
})

function attemptFiles(home: VaultHome): readonly string[] {
  return everythingUnder(home.places.statePath).filter(
    (path) => /attempt/.test(path) && lstatSync(path).isFile(),
  )
}

/** Process id of the agent of a home. */
function agentOf(home: VaultHome): number {
  const found = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return words.includes('agent-host') && words.includes(home.vaultPath)
    } catch {
      return false
    }
  })
  expect(found).toHaveLength(1)
  return Number(found[0])
}

/** Sockets of a process that listen on a port of this machine: hexadecimal local addresses. */
function listeningPorts(pid: number): readonly string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      const path = `/proc/${pid}/fd/${name}`
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1] ?? []
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode ?? ''))
      .map(([, local]) => local ?? ''),
  )
}
