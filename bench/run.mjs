/**
 * Starts the bench: bundles it into `.bench/` with the settings of the program's own build, so that what is measured
 * is what ships, and runs it. `npm run bench -- --help` says what it takes.
 */
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../scripts/bundle.mjs'

const root = resolve(import.meta.dirname, '..')
// A folder of this run's own, so that two runs do not take each other's code away.
const dir = resolve(root, '.bench', String(process.pid))
await bundle({
  root,
  input: {
    main: 'bench/main.ts',
    'import-file': 'bench/children/import-file.ts',
    tokenize: 'bench/children/tokenize.ts',
  },
  dir,
})
try {
  const { main } = await import(pathToFileURL(resolve(dir, 'main.js')).href)
  process.exitCode = await main(process.argv.slice(2), { root, children: dir })
} finally {
  rmSync(dir, { recursive: true, force: true })
}
