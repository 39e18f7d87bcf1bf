/**
 * The plan of the house as data: rooms, floors, who may import what, and why. `npm run layers` and
 * tests/architecture hold the code to it; the map in src/README.md is written from it.
 */

/** @type {Readonly<Record<string, import('./plan.d.mts').Room>>} */
export const rooms = {
  foundation: {
    floor: 0,
    pure: true,
    does: 'Words every room needs and that mean nothing medical: failures, bytes, instants, secrets.',
    owns: [],
  },
  crypto: {
    floor: 1,
    pure: true,
    does: 'Ciphers, hashes, signatures, key derivation. Knows bytes, nothing of health.',
    owns: ['@noble/ciphers', '@noble/hashes', 'argon2', '@hpke/core', '@hpke/chacha20poly1305'],
    builtins: ['node:crypto'],
    // A nonce that the caller could choose is a nonce that a caller can repeat.
    draws: true,
  },
  metrics: {
    floor: 1,
    pure: true,
    does: 'The catalogue: what a metric is, its codes, units, conversions and bounds.',
    owns: ['@lhncbc/ucum-lhc'],
  },
  records: {
    floor: 2,
    pure: true,
    does: 'What a fact is: observations in columns, entities, changes, identity; the ports that rooms read and write through.',
    owns: [],
    builtins: ['node:crypto'],
  },
  protocol: {
    floor: 2,
    pure: true,
    does: 'The bytes of batches and snapshots, shared by everything that stores or carries them.',
    owns: [],
    only: { crypto: 'signatures and hashes: it must not be able to decrypt' },
  },
  fhir: {
    floor: 2,
    pure: true,
    does: 'The mapping between the catalogue and FHIR R4, read by importers and exporters alike.',
    owns: ['@noble/hashes'],
  },
  vault: {
    floor: 3,
    pure: false,
    does: 'The only writer of facts: the file, custody of keys, batches, fold, segments, inbox.',
    owns: ['better-sqlite3', 'kysely'],
  },
  importers: {
    floor: 3,
    pure: false,
    does: 'From files to candidates: one folder a source, into a sink that is handed in.',
    owns: ['@garmin/fitsdk', 'better-sqlite3', 'csv-parse', 'papaparse', 'saxes', 'yauzl'],
  },
  analytics: {
    floor: 3,
    pure: true,
    does: 'Statistics and time series: pure functions over arrays, options in, result with method and citation out.',
    owns: [],
  },
  clinical: {
    floor: 3,
    pure: true,
    does: 'Published cut-points and scores, each with its source and its range of validity.',
    owns: [],
  },
  exporters: {
    floor: 3,
    pure: false,
    does: 'From records to files that others read.',
    owns: ['csv-stringify', 'yazl'],
  },
  insight: {
    floor: 4,
    pure: true,
    does: 'What is worth saying: trend verdicts, comparisons, and when to say nothing.',
    owns: [],
  },
  charts: {
    floor: 4,
    pure: true,
    does: 'Pictures: terminal, SVG, PNG.',
    owns: ['asciichart', '@resvg/resvg-js'],
  },
  app: {
    floor: 5,
    pure: false,
    does: 'One file for each thing a person can ask; settings, folders, dates, passphrases, the unlock agent. Returns views, never text.',
    owns: ['chrono-node', '@napi-rs/keyring'],
  },
  cli: {
    floor: 6,
    pure: false,
    does: 'The command line: the only room that writes to stdout and stderr.',
    owns: ['commander', 'inquirer', 'chalk', 'cli-table3'],
  },
}

/** Files that may open connections. A reviewer reads these to know what leaves the house. */
export const networkDoors = ['src/app/agent/client.ts', 'src/app/agent/host.ts', 'src/app/agent/probe.ts']

export const networkModules = [
  'node:net',
  'node:http',
  'node:https',
  'node:http2',
  'node:tls',
  'node:dgram',
  'undici',
  'ws',
]

/** What a pure room may not touch. */
export const impureModules = [
  ...networkModules,
  'node:fs',
  'node:fs/promises',
  'node:child_process',
  'node:os',
  'node:worker_threads',
  'node:process',
  'node:timers',
]
export const impureGlobals = [
  'process',
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'crypto',
]
export const randomFunctions = ['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'getRandomValues']

export const maxFileLines = 400
export const maxFunctionLines = 70

export const bannedNames = ['utils', 'util', 'helpers', 'helper', 'common', 'misc']

export const reasons = {
  up: 'a lower floor that knows a higher one cannot be read, tested or replaced alone',
  sideways: 'rooms of one floor stay independent; what both need belongs on a lower floor',
  door: 'a room promises what its index.ts exports and nothing else',
  ownDoor: 'a file that imports its own door makes a cycle through every file of the room',
  cycle: 'the order in which the files of a cycle start is unpredictable',
  package: 'one room knows a package, so that it can be replaced or audited in one place',
  builtin: 'this room is plain computation; system access belongs above it',
  network: 'what leaves the computer is read off a short list of files',
  pure: 'published vectors and property tests are proof only for functions of their arguments',
  file: 'long files hide; split by what belongs together',
  function: 'a function is read in one look',
  name: 'a folder named for nothing in particular attracts everything',
  console: 'machine output must hold the result and nothing else; only cli/present prints',
  unknownRoom: 'a room is on the plan before it is built',
  ratchet: 'the list of exceptions may only shrink',
}
