import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completionSource } from '../../../src/cli/commands/completion.ts'
import { completionScript } from '../../../src/cli/completion.ts'

const folder = join(import.meta.dirname, '../../../completions')
const fileByShell = { bash: 'healthmate.bash', zsh: '_healthmate', fish: 'healthmate.fish' }

/** What bash offers after these words; the last may be empty. */
function bashOffers(...words: string[]): string[] {
  const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _healthmate; printf '%s\\n' "\${COMPREPLY[@]}"`
  const args = ['-c', script, join(folder, fileByShell.bash), 'healthmate', ...words]
  return execFileSync('bash', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
}

describe('completions', () => {
  it.each(Object.entries(fileByShell))(
    'the file for %s is current (npm run completions)',
    async (shell, file) => {
      expect(readFileSync(join(folder, file), 'utf8')).toBe(completionScript(shell, await completionSource()))
    },
  )
  it('refuses a shell that it does not know', async () => {
    const source = await completionSource()
    expect(() => completionScript('tcsh', source)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
  it.each([
    [['tre'], ['trend']],
    [
      ['goal', ''],
      ['set', 'list', 'rm'],
    ],
    [['import', 'apple'], ['apple-health']],
    [['trend', 'weight', '--meth'], ['--method']],
    [['trend', 'weight', '--method', 'the'], ['theil-sen']],
    [['--json', 'comple'], ['completion']],
    [['completion', 'z'], ['zsh']],
    [['agent'], []],
  ])('bash offers after %j', (words, offers) => expect(bashOffers(...words)).toEqual(offers))

  it('bash offers metrics by id and alias', () => {
    expect(bashOffers('log', 'blood_pr')).toContain('blood_pressure')
    expect(bashOffers('chart', 'b')).toContain('bp')
  })
  it.each(['zsh', 'fish'])('%s knows every command, option and metric', async (shell) => {
    const script = completionScript(shell, await completionSource())
    for (const word of ['blood_pressure', 'theil-sen', 'passphrase-file', 'appointment add', 'apple-health'])
      expect(script).toContain(word)
    expect(script).not.toContain('agent-host')
  })
})
