import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshHome } from './program.ts'

const root = resolve(import.meta.dirname, '../..')

describe('the package', () => {
  it('installs into an empty prefix and runs from there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hm-package-'))
    const packed = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', folder],
      { cwd: root, encoding: 'utf8' },
    )
    const [{ filename, files }] = JSON.parse(packed)
    const paths = files.map((file: { path: string }) => file.path)
    expect(paths).toEqual(
      expect.arrayContaining(['bin/healthmate.js', 'dist/main.js', 'LICENSE', 'README.md']),
    )
    expect(paths.filter((path: string) => /^(src|tests|bench)\//.test(path))).toEqual([])
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    const words = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)]
    execFileSync('npm', words, { cwd: folder, stdio: 'pipe' })

    const home = freshHome()
    const passphrase = join(folder, 'passphrase')
    writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
    const env = { ...home.environment, HEALTHMATE_PASSPHRASE_FILE: passphrase }
    const run = (name: string, ...rest: string[]) =>
      spawnSync(join(folder, 'node_modules/.bin', name), rest, { encoding: 'utf8', env })
    expect(run('healthmate', 'init').status).toBe(0)
    expect(run('hm', 'log', 'bp', '128/82').stdout).toContain('128/82 mmHg')
    expect(run('hm', 'chart', 'bp').status).toBe(0)
    expect(JSON.parse(run('hm', 'list', '--json').stdout).count).toBe(1)
  }, 300_000)
})
