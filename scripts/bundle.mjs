/** How TypeScript becomes what ships: one place, so that what `npm run bench` measures is bundled as the program is. */
import { renameSync, rmSync } from 'node:fs'
import { rolldown } from 'rolldown'

/** Native code cannot be bundled; ucum-lhc carries its own data file. */
const external = [/^node:/, 'better-sqlite3', 'argon2', '@resvg/resvg-js', '@lhncbc/ucum-lhc', 'undici']

/** Nearly every command uses these. */
const base = [
  /\/src\/(foundation|metrics|records)\//,
  /\/src\/app\/(agent\/(client|protocol)|config|context|dates|passphrase|paths|periods)\.ts/,
  /\/src\/app\/(private-file|registry|session|settings|zone)\.ts/,
  /\/src\/cli\/(ask|setup|when|present\/terminal)\.ts/,
]

/** Each file costs most of a millisecond of start time, whatever its size, so they are one chunk. */
const groups = [{ name: 'base', test: (id) => base.some((part) => part.test(id)) }]

/**
 * Bundles entries (`{ name: file }`, relative to `root`) into `dir`. It is built beside and moved into place whole: a
 * build that fails leaves the last one that did not.
 */
export async function bundle({ root, input, dir }) {
  const fresh = `${dir}.${process.pid}`
  const bundled = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    external,
    logLevel: 'warn',
    // Vault and doors are loaded lazily on one path and eagerly on another on purpose; chunks follow the paths.
    onLog: (level, log, print) => log.code === 'INEFFECTIVE_DYNAMIC_IMPORT' || print(level, log),
    treeshake: { moduleSideEffects: [{ test: /\/src\//, sideEffects: false }] },
  })
  await bundled.write({
    dir: fresh,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: { groups, includeDependenciesRecursively: false },
    sourcemap: true,
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  })
  await bundled.close()
  rmSync(dir, { recursive: true, force: true })
  renameSync(fresh, dir)
}
