/** Opens what was named on the command line: files, folders, zips, standard input. */
import { createReadStream } from 'node:fs'
import { lstat, open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { Failure } from '../foundation/index.ts'
import type { Refusal } from '../records/index.ts'
import type { InputMember, OpenedInput } from './importer.ts'
import { isPackagingNoise, unsafeNameReason } from './member-name.ts'
import { openZip } from './zip-input.ts'

const headBytes = 64 * 1024
const readBytes = 1024 * 1024
/** Files that a folder may hold, subfolders included. */
const maxFolderFiles = 1_000_000
const maxFolderDepth = 16

export interface OpenOptions {
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

/** Opens all paths. Fails with IO, NOT_FOUND or REFUSED_INPUT; members that alone cannot be taken are refused. */
export async function openInput(paths: readonly string[], options: OpenOptions = {}): Promise<OpenedInput> {
  const members: InputMember[] = []
  const refusals: Refusal[] = []
  const closers: (() => void)[] = []
  for (const path of paths) {
    if (path === '-') {
      members.push(await stdinMember(options.stdin))
      continue
    }
    const stats = await stat(path).catch((cause: unknown) => {
      throw new Failure('NOT_FOUND', `${path} cannot be opened`, { hint: 'Check the path.', cause })
    })
    if (stats.isDirectory()) {
      members.push(...(await folderMembers(path, refusals)))
    } else if (await isZip(path)) {
      const zip = await openZip(path, basename(path))
      members.push(...zip.members)
      refusals.push(...zip.refusals)
      closers.push(zip.close)
    } else members.push(fileMember(path, basename(path), stats.size))
  }
  const sizes = members.map((member) => member.size)
  return {
    files: paths.length,
    members,
    refusals,
    totalBytes: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    close: async () => {
      for (const close of closers) close()
    },
  }
}

async function isZip(path: string): Promise<boolean> {
  return isZipHead(await fileHead(path, 4))
}

/** `PK\x03\x04`, or `PK\x05\x06` of an empty archive. */
function isZipHead(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)
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

/** Regular files below a folder in order of name; links are not followed. */
async function folderMembers(root: string, refusals: Refusal[]): Promise<InputMember[]> {
  const members: InputMember[] = []
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > maxFolderDepth) {
      throw new Failure('REFUSED_INPUT', `${root} is nested deeper than ${maxFolderDepth} levels`, {
        hint: 'Name the folder that holds the export itself.',
      })
    }
    const entries = await readdir(folder, { withFileTypes: true })
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const path = join(folder, entry.name)
      const name = relative(root, path).split(sep).join('/')
      if (isPackagingNoise(name)) continue
      if (entry.isDirectory()) {
        await visit(path, depth + 1)
        continue
      }
      const reason = entry.isFile() ? unsafeNameReason(name) : 'it is a link or no regular file'
      if (reason !== '') refusals.push({ where: name, reason, raw: '', code: 'REFUSED_INPUT' })
      else members.push(fileMember(path, name, (await lstat(path)).size))
      if (members.length > maxFolderFiles) {
        throw new Failure('REFUSED_INPUT', `${root} holds more than ${maxFolderFiles} files`, {
          hint: 'Name the folder that holds the export itself.',
        })
      }
    }
  }
  await visit(root, 0)
  return members
}

/** Standard input as one member: its beginning is looked at, then given back. */
async function stdinMember(stdin: AsyncIterable<Uint8Array> | undefined): Promise<InputMember> {
  if (!stdin) {
    throw new Failure('USAGE', 'there is no standard input to read', {
      hint: 'Name the export file instead of "-".',
    })
  }
  const iterator = stdin[Symbol.asyncIterator]()
  const parts: Uint8Array[] = []
  let length = 0
  while (length < headBytes) {
    const next = await iterator.next()
    if (next.done) break
    parts.push(next.value)
    length += next.value.length
  }
  const start = Buffer.concat(parts)
  if (isZipHead(start)) {
    throw new Failure('REFUSED_INPUT', 'a zip cannot be read from standard input', {
      hint: 'Name the file, or unpack on the fly: unzip -p export.zip apple_health_export/export.xml | healthmate import apple-health -',
    })
  }
  return {
    name: 'stdin',
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
