/**
 * Builds `dist/` with rolldown: one small entry, and one lazy chunk a command, so that a command loads what it uses.
 * Packages with native code or large data stay in node_modules. Prints nothing but errors.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { bundle } from './bundle.mjs'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))

await bundle({ root, input: { main: 'src/cli/main.ts' }, dir: dist })
writeFileSync(resolve(dist, 'version.txt'), `${version}\n`)
