import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateAppleHealth } from '../../scripts/generate-apple-health.mjs'
import { freshHome, launcher } from './program.ts'

const root = resolve(import.meta.dirname, '../..')

/** Commands of the blocks of a page that stand after `$ ` or alone on a line. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = [...text.matchAll(/```(?:console|sh)\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/^\$ /, '').replace(/\s+#.*$/, ''))
    .filter((line) => line.startsWith('healthmate '))
}

describe('the README', () => {
  it('shows commands that work, in their order', () => {
    const home = freshHome()
    const file = join(home.folder, 'passphrase')
    writeFileSync(file, 'correct horse battery staple\n', { mode: 0o600 })
    writeFileSync(join(home.folder, 'export.xml'), [...generateAppleHealth({ days: 60 })].join(''))
    const environment = { ...home.environment, HEALTHMATE_PASSPHRASE_FILE: file }
    const commands = commandsOf('README.md').slice(0, 5)
    expect(commands.map((line) => line.split(' ')[1])).toEqual(['init', 'log', 'import', 'trend', 'export'])
    for (const line of commands) {
      const words = line.replace('export.zip', 'export.xml').split(' ').slice(1)
      const done = spawnSync(process.execPath, [launcher, ...words], {
        cwd: home.folder,
        encoding: 'utf8',
        env: environment,
      })
      expect([line, done.status, done.stderr.includes('bug')]).toEqual([line, 0, false])
    }
  })
  it.each(['README.md', 'docs/guide.md'])('%s names only commands and options that exist', (page) => {
    const home = freshHome()
    for (const line of commandsOf(page)) {
      const words = line.split(/\s+/).slice(1)
      const options = words.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, ''))
      const named = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word)) >>> 0)
      const help = [3, 2, 1]
        .map((depth) => home.run([...named.slice(0, depth), '--help']))
        .find((done) => done.status === 0)
      expect([line, help?.status]).toEqual([line, 0])
      for (const option of options)
        expect([line, help?.stdout]).toEqual([line, expect.stringContaining(option)])
    }
  })
})
