/** `npm run completions`: writes completions/ from the built program. A test keeps the files current. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const fileByShell = { bash: 'healthmate.bash', zsh: '_healthmate', fish: 'healthmate.fish' }

mkdirSync(join(root, 'completions'), { recursive: true })
for (const [shell, file] of Object.entries(fileByShell)) {
  const script = execFileSync(process.execPath, [join(root, 'bin/healthmate.js'), 'completion', shell])
  writeFileSync(join(root, 'completions', file), script)
}
