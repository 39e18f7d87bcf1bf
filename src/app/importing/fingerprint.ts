/**
 * Whether two imports read the same input in the same way: a hash of the files' sizes and contents and of what changes
 * the reading. Names are no part of it, so that a renamed file is known again.
 *
 * Files up to 8 MiB are hashed whole, of larger ones 16 KiB at 64 places and both ends: an export of gigabytes is known
 * without reading it, and two exports of one size that agree in all of these differ in theory only.
 */
import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex, Failure } from '../../foundation/index.ts'

const wholeBytes = 8 * 1024 * 1024
const sampleBytes = 16 * 1024
const samples = 64
const maxFolderDepth = 16

/** Paths with the options that change what is read of them. Fails with NOT_FOUND. Standard input and pipes are never the same. */
export async function inputFingerprint(paths: readonly string[], options: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options))
  for (const path of paths) {
    if (path === '-') addStream(hash)
    else await addPath(hash, path)
  }
  return bytesToHex(hash.digest())
}

async function addPath(hash: Hash, path: string): Promise<void> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new Failure('NOT_FOUND', `cannot read ${path}`, { hint: 'Check the path of the export.', cause })
  })
  if (facts.isDirectory()) await addFolder(hash, path, 0)
  else if (facts.isFile()) await addFile(hash, path, facts.size)
  else addStream(hash)
}

function addStream(hash: Hash): void {
  hash.update(`stream ${process.pid} ${process.hrtime.bigint()}`)
}

/** Of a folder the names, sizes and times of its files: it can hold hundreds of thousands. */
async function addFolder(hash: Hash, folder: string, depth: number): Promise<void> {
  if (depth > maxFolderDepth) return
  // One that may not be read is refused by the import itself.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    hash.update(JSON.stringify([depth, entry.name]))
    if (entry.isDirectory()) await addFolder(hash, path, depth + 1)
    else if (entry.isFile()) {
      const { size, mtimeMs } = await stat(path)
      hash.update(JSON.stringify([size, mtimeMs]))
    }
  }
}

async function addFile(hash: Hash, path: string, size: number): Promise<void> {
  hash.update(`${size} `)
  const file = await open(path).catch((cause: unknown) => {
    throw new Failure('IO', `${path} cannot be read`, { hint: 'Check its permissions.', cause })
  })
  try {
    if (size <= wholeBytes) {
      hash.update(await piece(file, 0, size))
      return
    }
    for (let i = 0; i <= samples; i++) {
      hash.update(await piece(file, Math.floor(((size - sampleBytes) * i) / samples), sampleBytes))
    }
  } finally {
    await file.close()
  }
}

async function piece(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
  return buffer.subarray(0, bytesRead)
}
