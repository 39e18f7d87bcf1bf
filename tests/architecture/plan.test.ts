import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
} from '../../scripts/architecture/checks.mjs'
import { parseFile, root, sourceFiles } from '../../scripts/architecture/source-files.mjs'

const files = sourceFiles()

describe('the plan of the house holds for src/', () => {
  it('imports go to a lower floor and through the door', () => expect(checkFloors(files)).toEqual([]))
  it('files do not import each other in a circle', () => expect(checkCycles(files)).toEqual([]))
  it('each package has one owner, and only the listed files open connections', () =>
    expect(checkPackages(files)).toEqual([]))
  it('pure rooms touch no clock, files, network, process or randomness', () =>
    expect(checkPurity(files)).toEqual([]))
  it('only the command line prints', () => expect(checkConsole(files)).toEqual([]))
  it('files and functions keep their limits', () =>
    expect(checkSizes(files, readSizeExceptions())).toEqual([]))
  it('names say what is inside', () => expect(checkNames(namedPaths())).toEqual([]))
  it('the map in src/README.md is that of the plan', () =>
    expect(checkMap(readFileSync(join(root, 'src/README.md'), 'utf8'))).toEqual([]))
})

describe('the checks find what they are for', () => {
  const rules = (
    check: (parsed: ReturnType<typeof sourceFiles>) => { rule: string }[],
    path: string,
    text: string,
  ) => check([parseFile(path, text)]).map(({ rule }) => rule)

  it('an import of a higher floor', () => {
    const found = checkFloors([parseFile('src/metrics/x.ts', "import { a } from '../vault/index.ts'")])
    expect(found).toEqual([
      expect.objectContaining({
        place: 'src/metrics/x.ts:1',
        rule: 'metrics imports vault, which is above it',
      }),
    ])
    expect(found[0]?.reason).toMatch(/lower floor/)
  })
  it('an import of the same floor, also when it is lazy or of types', () => {
    expect(rules(checkFloors, 'src/vault/x.ts', "const a = import('../importers/index.ts')")).toHaveLength(1)
    expect(
      rules(checkFloors, 'src/vault/x.ts', "import type { A } from '../importers/index.ts'"),
    ).toHaveLength(1)
  })
  it('an import around the door, and of the own door', () => {
    expect(rules(checkFloors, 'src/vault/x.ts', "import { a } from '../metrics/find.ts'")).toEqual([
      'src/metrics/find.ts is not the door of metrics',
    ])
    expect(rules(checkFloors, 'src/vault/custody/x.ts', "export * from '../index.ts'")).toEqual([
      'vault imports its own door',
    ])
  })
  it('a room that is not on the plan', () => {
    expect(rules(checkFloors, 'src/wing/x.ts', '')).toEqual(['"wing" is no room of the plan'])
  })
  it('a cycle at run time, but not one of types or of lazy imports', () => {
    const cycle = (toA: string) => [
      parseFile('src/app/a.ts', "import { b } from './b.ts'"),
      parseFile('src/app/b.ts', toA),
    ]
    expect(checkCycles(cycle("import { a } from './a.ts'"))).toHaveLength(1)
    expect(checkCycles(cycle("import type { A } from './a.ts'"))).toEqual([])
    expect(checkCycles(cycle("import { type A } from './a.ts'"))).toEqual([])
    expect(checkCycles(cycle("const a = () => import('./a.ts')"))).toEqual([])
  })
  it('a package outside its owner, and a package without one', () => {
    expect(rules(checkPackages, 'src/app/x.ts', "import D from 'better-sqlite3'")).toEqual([
      'better-sqlite3 belongs to vault and importers',
    ])
    expect(rules(checkPackages, 'src/app/x.ts', "import x from '@some/thing/deep.js'")).toEqual([
      '@some/thing belongs to no room of the plan',
    ])
  })
  it('a connection outside the network doors', () => {
    expect(rules(checkPackages, 'src/app/x.ts', "import { connect } from 'node:net'")).toHaveLength(1)
    expect(rules(checkPackages, 'src/app/agent/client.ts', "import { connect } from 'node:net'")).toEqual([])
  })
  it.each([
    ['Date.now()', 'Date.now in a pure room'],
    ['new Date()', 'new Date() in a pure room'],
    ['Math.random()', 'Math.random in a pure room'],
    ["fetch('x')", 'fetch in a pure room'],
    ['process.env', 'process in a pure room'],
    ["import 'node:fs'", 'node:fs in a pure room'],
  ])('%s in a pure room', (text, rule) => {
    expect(rules(checkPurity, 'src/analytics/x.ts', text)).toEqual([rule])
    expect(rules(checkPurity, 'src/app/x.ts', text)).toEqual([])
  })
  it('a date of given numbers is pure, and so is a member that is called like a global', () => {
    expect(rules(checkPurity, 'src/analytics/x.ts', 'new Date(0); a.process; ({ process: 1 })')).toEqual([])
  })
  it('printing outside the command line', () => {
    expect(rules(checkConsole, 'src/app/x.ts', "console.log('x'); process.stdout.write('y')")).toHaveLength(2)
    expect(rules(checkConsole, 'src/cli/present/x.ts', "console.log('x')")).toEqual([])
    expect(rules(checkConsole, 'src/cli/commands/x.ts', "console.log('x')")).toHaveLength(1)
  })
  it('a file or function that is too long, unless excepted by name', () => {
    const long = parseFile('src/app/x.ts', `function walk() {\n${'\n'.repeat(400)}}\n`)
    expect(checkSizes([long], {})).toHaveLength(2)
    expect(checkSizes([long], { 'src/app/x.ts': 402, 'src/app/x.ts#walk': 402 })).toEqual([])
  })
  it('an exception that is too generous, or not needed any more', () => {
    const long = parseFile('src/app/x.ts', '\n'.repeat(410))
    expect(checkSizes([long], { 'src/app/x.ts': 420 }).map(({ reason }) => reason)).toEqual([
      'the list of exceptions may only shrink',
    ])
    expect(checkSizes([], { 'src/app/y.ts': 420 })).toHaveLength(1)
  })
  it('a name that says nothing', () => {
    expect(checkNames(['src/app/utils/x.ts', 'src/app/helpers.ts', 'src/app/commonality.ts'])).toHaveLength(2)
  })
  it('a map that is not the plan’s', () => expect(checkMap('# no map')).toHaveLength(1))
})
