/** Opens what was named on the command line: files, folders, zips, standard input. */
import { constants, createReadStream, type Dirent, type ReadStream } from 'node:fs'
import { access, lstat, open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { Failure } from '../foundation/index.ts'
import type { Refusal } from '../records/index.ts'
import {
  type Archive,
  ArchiveShelf,
  fileArchive,
  isArchiveHead,
  isZipHead,
  nestedArchive,
} from './archive.ts'
import { ungzipped } from './gzip-member.ts'
import type { InputMember, OpenedInput } from './importer.ts'
import { isPackagingNoise, unsafeNameReason } from './member-name.ts'
import { readDirectory, zipLimits } from './zip-input.ts'

const headBytes = 64 * 1024
const readBytes = 1024 * 1024
/** Files that a folder may hold, subfolders included. */
const maxFolderFiles = 1_000_000
const maxFolderDepth = 16

export interface OpenOptions {
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

/**
 * Opens all paths. Fails with IO, NOT_FOUND or REFUSED_INPUT; members that alone cannot be taken, and one damaged zip of
 * several paths, are refused.
 */
export async function openInput(paths: readonly string[], options: OpenOptions = {}): Promise<OpenedInput> {
  const opening: Opening = { shelf: new ArchiveShelf(), pipes: [], refusals: [] }
  const { refusals } = opening
  const members: InputMember[] = []
  const close = async (): Promise<void> => {
    for (const pipe of opening.pipes) pipe.destroy()
    await opening.shelf.close()
  }
  try {
    for (const path of paths) {
      const pipes = opening.pipes.length
      const found =
        path === '-' ? [await stdinMember(options.stdin)] : await membersOf(path, opening, paths.length)
      const isStream = path === '-' || opening.pipes.length > pipes
      for (const member of found) members.push({ root: path, ...(await ungzipped(member, isStream)) })
    }
  } catch (cause) {
    await close()
    throw cause
  }
  const sizes = members.map((member) => member.size)
  return {
    files: paths.length,
    members,
    refusals,
    totalBytes: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    close,
  }
}

/** What is open while the paths are looked at, and what was refused of them. */
interface Opening {
  readonly shelf: ArchiveShelf
  readonly pipes: ReadStream[]
  readonly refusals: Refusal[]
}

async function membersOf(
  path: string,
  { shelf, pipes, refusals }: Opening,
  paths: number,
): Promise<readonly InputMember[]> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new Failure('NOT_FOUND', `${path} cannot be opened`, { hint: 'Check the path.', cause })
  })
  if (stats.isDirectory()) {
    const members: InputMember[] = []
    for (const file of await folderFiles(path, refusals))
      members.push(...(await unfolded(file, shelf, refusals)))
    return members
  }
  // What another command writes, as `<(command)` names it, can be read only once and in order.
  if (stats.isFIFO()) {
    const pipe = createReadStream(path, { highWaterMark: readBytes })
    pipes.push(pipe)
    return [await streamMember(pipe, basename(path))]
  }
  // Of documents that are zips inside, a folder gives workbooks alone to be looked into; the person may name any.
  if (!isZipHead(await fileHead(path, 4))) return [fileMember(path, basename(path), stats.size)]
  const archive = fileArchive(path, basename(path))
  if (paths > 1) {
    return withNested((await tolerated(archive, '', shelf, refusals)) ?? [], shelf, refusals)
  }
  const zip = await readDirectory(archive, shelf)
  refusals.push(...zip.refusals)
  return withNested(zip.members, shelf, refusals)
}

interface FolderFile {
  readonly path: string
  readonly name: string
  readonly size: number
}

/** A file of a folder, the members of a zip there, whose names then begin with the zip's, or the parts of a workbook. */
async function unfolded(
  { path, name, size }: FolderFile,
  shelf: ArchiveShelf,
  refusals: Refusal[],
): Promise<readonly InputMember[]> {
  if (/\.xlsx$/i.test(name) && isZipHead(await fileHead(path, 4))) {
    // A workbook by itself, whose parts keep their paths.
    const parts = (await tolerated(fileArchive(path, name), '', shelf, refusals)) ?? []
    return parts.map((part) => ({ ...part, root: path }))
  }
  if (!/\.zip$/i.test(name) || !(await isZip(path))) return [fileMember(path, name, size)]
  const zip = await tolerated(fileArchive(path, name), `${name}/`, shelf, refusals)
  return zip ? withNested(zip, shelf, refusals) : []
}

/** Zips inside a zip are opened too, one level deep: exports of Garmin hold their activities so. */
async function withNested(
  members: readonly InputMember[],
  shelf: ArchiveShelf,
  refusals: Refusal[],
): Promise<InputMember[]> {
  const all: InputMember[] = []
  let total = 0
  for (const member of members) {
    if (!/\.zip$/i.test(member.name) || !isArchiveHead(await member.head())) {
      all.push(member)
      continue
    }
    const inner = (await tolerated(nestedArchive(member), `${member.name}/`, shelf, refusals)) ?? []
    total = inner.reduce((sum, { size }) => sum + (size ?? 0), total)
    if (total > zipLimits.totalBytes || all.length + inner.length > zipLimits.members) {
      refusals.push(refused(member.name, 'with it the zips inside this zip become too large'))
    } else all.push(...inner)
  }
  return all
}

/** The members of an archive that is one of many: when it is damaged, it alone is refused. */
async function tolerated(
  archive: Archive,
  prefix: string,
  shelf: ArchiveShelf,
  refusals: Refusal[],
): Promise<readonly InputMember[] | undefined> {
  try {
    const zip = await readDirectory(archive, shelf, prefix)
    refusals.push(...zip.refusals)
    return zip.members
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    refusals.push(refused(archive.label, cause.message))
    return undefined
  }
}

function refused(where: string, reason: string): Refusal {
  return { where, reason, raw: '', code: 'REFUSED_INPUT' }
}

async function isZip(path: string): Promise<boolean> {
  return isArchiveHead(await fileHead(path, 512))
}

function fileMember(path: string, name: string, size: number): InputMember {
  return {
    name,
    size,
    head: () => fileHead(path, headBytes),
    stream: () => createReadStream(path, { highWaterMark: readBytes }),
  }
}

async function fileHead(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new Failure('IO', `${path} cannot be read`, { hint: 'Check its permissions.', cause })
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Regular files below a folder in order of name; links are not followed, what may not be read is refused. */
async function folderFiles(root: string, refusals: Refusal[]): Promise<FolderFile[]> {
  const files: FolderFile[] = []
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > maxFolderDepth) {
      throw new Failure('REFUSED_INPUT', `${root} is nested deeper than ${maxFolderDepth} levels`, {
        hint: 'Name the folder that holds the export itself.',
      })
    }
    for (const entry of await folderEntries(folder, root, refusals)) {
      const path = join(folder, entry.name)
      const name = nameIn(root, path)
      if (isPackagingNoise(name)) continue
      if (entry.isDirectory()) {
        await visit(path, depth + 1)
        continue
      }
      const reason = entry.isFile()
        ? unsafeNameReason(name) || (await unreadableReason(path))
        : 'it is a link or no regular file'
      if (reason !== '') refusals.push(refused(name, reason))
      else files.push({ path, name, size: (await lstat(path)).size })
      if (files.length > maxFolderFiles) {
        throw new Failure('REFUSED_INPUT', `${root} holds more than ${maxFolderFiles} files`, {
          hint: 'Name the folder that holds the export itself.',
        })
      }
    }
  }
  await visit(root, 0)
  return files
}

/** What lies in a folder, in order of name. Fails with IO for `root` itself; another one is refused. */
async function folderEntries(folder: string, root: string, refusals: Refusal[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    if (folder === root) {
      throw new Failure('IO', `${root} cannot be read`, { hint: 'Check its permissions.', cause })
    }
    refusals.push(refused(nameIn(root, folder), unreadable))
    return []
  }
}

const unreadable = 'it cannot be read: check its permissions'

async function unreadableReason(path: string): Promise<string> {
  return access(path, constants.R_OK).then(
    () => '',
    () => unreadable,
  )
}

/** The name that a member below a folder has, with `/`. */
function nameIn(root: string, path: string): string {
  return relative(root, path).split(sep).join('/')
}

async function stdinMember(stdin: AsyncIterable<Uint8Array> | undefined): Promise<InputMember> {
  if (!stdin) {
    throw new Failure('USAGE', 'there is no standard input to read', {
      hint: 'Name the export file instead of "-".',
    })
  }
  return streamMember(stdin, 'stdin')
}

/** Standard input or a pipe as one member: its beginning is looked at, then given back. */
async function streamMember(bytes: AsyncIterable<Uint8Array>, name: string): Promise<InputMember> {
  const iterator = bytes[Symbol.asyncIterator]()
  const parts: Uint8Array[] = []
  let length = 0
  while (length < headBytes) {
    const next = await iterator.next()
    if (next.done) break
    parts.push(next.value)
    length += next.value.length
  }
  const start = Buffer.concat(parts)
  if (isArchiveHead(start)) {
    throw new Failure('REFUSED_INPUT', 'a zip cannot be read from standard input or a pipe', {
      hint: 'Name the file, or unpack on the fly: unzip -p export.zip apple_health_export/export.xml | healthmate import apple-health -',
    })
  }
  return {
    name,
    size: null,
    head: async () => start.subarray(0, headBytes),
    stream: async function* () {
      yield start
      while (true) {
        const next = await iterator.next()
        if (next.done) return
        yield next.value
      }
    },
  }
}
