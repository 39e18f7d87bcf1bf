import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSecretService, type SecretService, startSecretService } from '../unit/app/secret-service.ts'
import { freshHome } from './program.ts'

describe.skipIf(!hasSecretService)('the built program with the keychain', () => {
  let service: SecretService
  beforeAll(async () => {
    service = await startSecretService()
  })
  afterAll(() => service?.stop())

  it('asks for nothing once the vault is enrolled, and again when it is not', () => {
    const home = freshHome()
    const passphrase = join(home.folder, 'passphrase')
    writeFileSync(passphrase, 'a passphrase that is long')
    chmodSync(passphrase, 0o600)
    const environment = { DBUS_SESSION_BUS_ADDRESS: service.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '' }
    const given = ['--passphrase-file', passphrase]
    const run = (...words: string[]) => home.run(words, { environment })
    const answer = (...words: string[]) => JSON.parse(run(...words, '--json').stdout)

    expect(run('init', ...given).status).toBe(0)
    expect(run('list').status).toBe(4)
    expect(answer('key', 'keychain', 'enrol', ...given)).toEqual({ enrolled: true })
    expect(answer('status', '--why').passphrase).toMatchObject({ source: 'keychain' })
    expect(run('log', 'weight', '81.4kg').stderr).not.toContain('Sealed')
    expect(answer('list').count).toBe(1)
    expect(answer('unlock')).toMatchObject({ unlocked: true, started: true })
    expect(answer('status', '--why').passphrase).toMatchObject({ source: 'agent' })
    expect(answer('lock')).toMatchObject({ wasUnlocked: true, keychainEnrolled: true })
    expect(run('doctor').stdout).toContain('the vault is enrolled, and it opens')
    expect(answer('key', 'keychain', 'remove', ...given)).toMatchObject({ enrolled: false })
    expect(answer('key', 'keychain', 'status')).toMatchObject({ enrolled: false, state: 'not-enrolled' })
    expect(run('list').status).toBe(4)
  })
})
