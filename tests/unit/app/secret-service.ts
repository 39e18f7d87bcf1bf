import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** A session bus and a GNOME keyring of their own, unlocked, without a desktop. */
export interface SecretService {
  /** What a process needs to reach them. */
  readonly environment: Readonly<Record<string, string>>
  /** Locks the keyring, as a desktop session does. Nobody can be asked to unlock it here. */
  lock(): void
  stop(): void
}

export const hasSecretService = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
)

export async function startSecretService(): Promise<SecretService> {
  const home = mkdtempSync(join(tmpdir(), 'hm-keyring-'))
  const base = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: home }
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: base,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [address] = (await once(bus.stdout, 'data')) as [Buffer]
  const environment = { ...base, DBUS_SESSION_BUS_ADDRESS: address.toString('utf8').trim() }
  const keyring = spawn('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--foreground'], {
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  keyring.stdin.end('password of the keyring')
  while (!isServed(environment)) await setTimeout(20)
  return {
    environment,
    lock: () => void spawnSync('secret-tool', ['lock'], { env: environment }),
    stop: () => {
      keyring.kill()
      bus.kill()
    },
  }
}

const busName = 'org.freedesktop.DBus'

function isServed(environment: Readonly<Record<string, string>>): boolean {
  const question = [`--dest=${busName}`, '/', `${busName}.NameHasOwner`, 'string:org.freedesktop.secrets']
  const words = ['--session', '--print-reply=literal', ...question]
  return spawnSync('dbus-send', words, { env: environment, encoding: 'utf8' }).stdout.includes('true')
}
