/**
 * Starts the bench: bundles it into `.bench/` with the settings of the program's own build, so that what is measured
 * is what ships, and runs it. `npm run bench -- --help` says what it takes.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../scripts/bundle.mjs'

const root = resolve(import.meta.dirname, '..')
const dir = resolve(root, '.bench')
await bundle({
  root,
  input: {
    main: 'bench/main.ts',
    'import-apple': 'bench/children/import-apple.ts',
    tokenize: 'bench/children/tokenize.ts',
  },
  dir,
})
const { main } = await import(pathToFileURL(resolve(dir, 'main.js')).href)
process.exitCode = await main(process.argv.slice(2), root)
