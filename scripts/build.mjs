/**
 * Builds `dist/` with rolldown: one small entry, and one lazy chunk a command, so that a command loads what it uses.
 * Packages with native code or large data stay in node_modules. Prints nothing but errors.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')
// Built beside and moved into place whole: a build that fails leaves the last one that did not.
const fresh = resolve(root, `.dist-${process.pid}`)
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))

/** Native code cannot be bundled; ucum-lhc carries its own data file. */
const external = [
  /^node:/,
  'better-sqlite3',
  'argon2',
  '@resvg/resvg-js',
  '@lhncbc/ucum-lhc',
  'temporal-polyfill',
  'undici',
]

const bundle = await rolldown({
  cwd: root,
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  external,
  logLevel: 'warn',
  treeshake: { moduleSideEffects: [{ test: /\/src\//, sideEffects: false }] },
})
await bundle.write({
  dir: fresh,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
})
await bundle.close()
writeFileSync(resolve(fresh, 'version.txt'), `${version}\n`)
rmSync(dist, { recursive: true, force: true })
renameSync(fresh, dist)
