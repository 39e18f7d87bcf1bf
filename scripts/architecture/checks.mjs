/** The checks of the plan. Each gives violations: place, rule and reason. */
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import {
  bannedNames,
  impureGlobals,
  impureModules,
  maxFileLines,
  maxFunctionLines,
  networkDoors,
  networkModules,
  randomFunctions,
  reasons,
  rooms,
} from './plan.mjs'
import { filesBelow, root } from './source-files.mjs'

const violation = (place, rule, reason) => ({ place, rule, reason })

/** The file that a relative import means, or undefined for packages. */
function target(file, specifier) {
  return specifier.startsWith('.')
    ? posix.normalize(posix.join(posix.dirname(file.path), specifier))
    : undefined
}

/** Imports go down, and in through the door. */
export function checkFloors(files) {
  return files.flatMap((file) => {
    if (rooms[file.room] === undefined) {
      return [violation(file.path, `"${file.room}" is no room of the plan`, reasons.unknownRoom)]
    }
    return file.imports.flatMap((one) => floorViolation(file, one))
  })
}

function floorViolation(file, one) {
  const path = target(file, one.specifier)
  if (path === undefined || !path.startsWith('src/')) return []
  const place = `${file.path}:${one.line}`
  const [, roomName] = path.split('/')
  const from = rooms[file.room]
  const to = rooms[roomName]
  if (roomName === file.room) {
    const own = path === `src/${file.room}/index.ts`
    return own ? [violation(place, `${file.room} imports its own door`, reasons.ownDoor)] : []
  }
  if (to === undefined) return [violation(place, `"${roomName}" is no room of the plan`, reasons.unknownRoom)]
  const found = []
  if (to.floor > from.floor)
    found.push(violation(place, `${file.room} imports ${roomName}, which is above it`, reasons.up))
  if (to.floor === from.floor)
    found.push(violation(place, `${file.room} imports ${roomName} beside it`, reasons.sideways))
  if (path !== `src/${roomName}/index.ts`) {
    found.push(violation(place, `${path} is not the door of ${roomName}`, reasons.door))
  }
  return found
}

/** No cycle of imports that exist at run time; a lazy import waits until the files have started. */
export function checkCycles(files) {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const edges = (path) =>
    (byPath.get(path)?.imports ?? [])
      .filter((one) => !one.typeOnly && !one.lazy)
      .map((one) => target(byPath.get(path), one.specifier))
      .filter((to) => to !== undefined && byPath.has(to))
  const state = new Map()
  const found = []
  const visit = (path, trail) => {
    state.set(path, 'open')
    for (const next of edges(path)) {
      if (state.get(next) === 'open') {
        const cycle = [...trail.slice(trail.indexOf(next)), next]
        found.push(
          violation(path, `files import each other in a circle: ${cycle.join(' → ')}`, reasons.cycle),
        )
      } else if (!state.has(next)) visit(next, [...trail, next])
    }
    state.set(path, 'done')
  }
  for (const file of files) if (!state.has(file.path)) visit(file.path, [file.path])
  return found
}

function packageName(specifier) {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}

/** Each package is imported by its owner alone; connections are opened by the listed files alone. */
export function checkPackages(files) {
  return files.flatMap((file) =>
    file.imports.flatMap(({ specifier, line }) => {
      const place = `${file.path}:${line}`
      if (networkModules.includes(specifier) && !networkDoors.includes(file.path)) {
        return [violation(place, `${specifier} is for the network doors alone`, reasons.network)]
      }
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return []
      const name = packageName(specifier)
      const owners = Object.keys(rooms).filter((room) => rooms[room].owns.includes(name))
      if (owners.includes(file.room)) return []
      const owner = owners.length === 0 ? 'no room of the plan' : owners.join(' and ')
      return [violation(place, `${name} belongs to ${owner}`, reasons.package)]
    }),
  )
}

/** Pure rooms touch no clock, files, network, process or randomness. */
export function checkPurity(files) {
  return files
    .filter((file) => rooms[file.room]?.pure === true)
    .flatMap((file) => {
      const { builtins: allowed = [], draws = false } = rooms[file.room]
      const modules = file.imports
        .filter(({ specifier }) => impureModules.includes(specifier) && !allowed.includes(specifier))
        .map(({ specifier, line }) =>
          violation(`${file.path}:${line}`, `${specifier} in a pure room`, reasons.pure),
        )
      const uses = file.impurities
        .filter(
          ({ what, identifier }) =>
            !identifier || impureGlobals.includes(what) || (!draws && randomFunctions.includes(what)),
        )
        .map(({ what, line }) => violation(`${file.path}:${line}`, `${what} in a pure room`, reasons.pure))
      return [...modules, ...uses]
    })
}

/** Only the command line prints. */
export function checkConsole(files) {
  return files
    .filter((file) => !file.path.startsWith('src/cli/'))
    .flatMap((file) =>
      file.consoles.map(({ what, line }) =>
        violation(`${file.path}:${line}`, `${what} outside cli`, reasons.console),
      ),
    )
    .concat(
      files
        .filter((file) => file.path.startsWith('src/cli/') && !file.path.startsWith('src/cli/present/'))
        .flatMap((file) =>
          file.consoles
            .filter(({ what }) => what.startsWith('console.'))
            .map(({ what, line }) =>
              violation(`${file.path}:${line}`, `${what} outside cli/present`, reasons.console),
            ),
        ),
    )
}

const exceptionsPath = 'scripts/architecture/size-exceptions.json'

/** Sizes with their named exceptions: `{"src/x.ts": 412, "src/x.ts#name": 75}`. */
export function readSizeExceptions(base = root) {
  return JSON.parse(readFileSync(join(base, exceptionsPath), 'utf8'))
}

/** Files and functions keep their limits; an exception that is no longer needed, or grew, is a violation too. */
export function checkSizes(files, exceptions) {
  const found = []
  const used = new Set()
  const measure = (key, place, lines, limit, rule, reason) => {
    if (lines <= limit) return
    used.add(key)
    if (lines > (exceptions[key] ?? 0))
      found.push(violation(place, `${rule}: ${lines} lines, limit ${limit}`, reason))
    else if (lines < exceptions[key]) {
      found.push(violation(exceptionsPath, `"${key}" shrank to ${lines}: lower its number`, reasons.ratchet))
    }
  }
  for (const file of files) {
    measure(file.path, file.path, file.lines, maxFileLines, 'file too long', reasons.file)
    for (const { name, line, lines } of file.functions) {
      const key = `${file.path}#${name}`
      measure(
        key,
        `${file.path}:${line}`,
        lines,
        maxFunctionLines,
        `function ${name} too long`,
        reasons.function,
      )
    }
  }
  for (const key of Object.keys(exceptions)) {
    if (!used.has(key))
      found.push(violation(exceptionsPath, `"${key}" keeps its limit: remove it`, reasons.ratchet))
  }
  return found
}

/** No file or folder is named for nothing in particular. */
export function checkNames(paths) {
  return paths.flatMap((path) =>
    path
      .split('/')
      .map((part) => part.replace(/\..*$/, ''))
      .filter((part) => bannedNames.includes(part))
      .map((part) => violation(path, `a name says what is inside; "${part}" says nothing`, reasons.name)),
  )
}

/** Paths that checkNames looks at. */
export function namedPaths(base = root) {
  return ['src', 'tests', 'scripts', 'migrations', 'bench', 'bin'].flatMap((folder) =>
    filesBelow(folder, base),
  )
}

const mapStart = '<!-- rooms: written by "npm run layers -- --write" -->'
const mapEnd = '<!-- /rooms -->'

/** The table of rooms for src/README.md, highest floor first. */
export function roomMap() {
  const rows = Object.entries(rooms)
    .sort(([, a], [, b]) => b.floor - a.floor)
    .map(([name, room]) => {
      const owns = room.owns.length === 0 ? '–' : room.owns.map((one) => `\`${one}\``).join(', ')
      return `| ${room.floor} | \`${name}/\` | ${room.does} | ${room.pure ? 'yes' : 'no'} | ${owns} |`
    })
  const head =
    '| Floor | Room | What it does | Pure | Owns (no other room imports it) |\n| --- | --- | --- | --- | --- |'
  return `${mapStart}\n${head}\n${rows.join('\n')}\n${mapEnd}`
}

/** The README with the map put in, or undefined where its markers are missing. */
export function withRoomMap(readme) {
  const start = readme.indexOf(mapStart)
  const end = readme.indexOf(mapEnd)
  return start < 0 || end < start
    ? undefined
    : readme.slice(0, start) + roomMap() + readme.slice(end + mapEnd.length)
}

/** How wide a formatter makes the columns does not matter. */
const withoutPadding = (text) => text?.replace(/ +/g, ' ').replace(/-{3,}/g, '---')

export function checkMap(readme) {
  return withoutPadding(withRoomMap(readme)) === withoutPadding(readme)
    ? []
    : [
        violation(
          'src/README.md',
          'the map differs from the plan: npm run layers -- --write',
          'two truths are none',
        ),
      ]
}
