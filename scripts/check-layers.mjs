/** `npm run layers`: holds src/ to its plan (scripts/architecture/plan.mjs). `--write` renews the map in src/README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkConsole,
  checkCycles,
  checkFloors,
  checkMap,
  checkNames,
  checkPackages,
  checkPurity,
  checkSizes,
  namedPaths,
  readSizeExceptions,
  withRoomMap,
} from './architecture/checks.mjs'
import { root, sourceFiles } from './architecture/source-files.mjs'

const readmePath = join(root, 'src/README.md')
if (process.argv.includes('--write')) {
  const written = withRoomMap(readFileSync(readmePath, 'utf8'))
  if (written === undefined) throw new Error('src/README.md has no markers for the map')
  writeFileSync(readmePath, written)
}

const files = sourceFiles()
const violations = [
  ...checkFloors(files),
  ...checkCycles(files),
  ...checkPackages(files),
  ...checkPurity(files),
  ...checkConsole(files),
  ...checkSizes(files, readSizeExceptions()),
  ...checkNames(namedPaths()),
  ...checkMap(readFileSync(readmePath, 'utf8')),
]
for (const { place, rule, reason } of violations) console.error(`${place}\n  ${rule}\n  because ${reason}`)
if (violations.length > 0) {
  console.error(`\n${violations.length} violations of the plan of the house (scripts/architecture/plan.mjs)`)
  process.exitCode = 1
}
