/**
 * Zips that are opened when they are read: a folder can hold thousands, and each open one costs a file handle or, when
 * it lies inside another zip, memory.
 *
 * A zip inside a zip has to be there as a whole before it can be read. Up to 64 MiB it is held in memory, a larger one
 * in a file of mode 0600 whose name is removed at once, so that nothing of it stays behind however the process ends.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBufferPromise, fromFdPromise, openPromise, type ZipFile } from 'yauzl'
import type { InputMember } from './importer.ts'

const maxBytesInMemory = 64 * 1024 * 1024
/** One nested zip at a time; files cost no more than a handle. */
const maxOpenFiles = 16
const zipOptions = { lazyEntries: true, autoClose: false, decodeStrings: false } as const

/** A zip that can be opened any number of times. */
export interface Archive {
  /** For messages. */
  readonly label: string
  readonly isNested: boolean
  open(): Promise<OpenZip>
}

interface OpenZip {
  readonly zip: ZipFile
  close(): Promise<void>
}

export function fileArchive(path: string, label: string): Archive {
  return {
    label,
    isNested: false,
    open: async () => {
      const zip = await openPromise(path, zipOptions)
      return { zip, close: async () => zip.close() }
    },
  }
}

/** A member of another zip that is a zip itself. */
export function nestedArchive(member: InputMember): Archive {
  const isSmall = (member.size ?? Number.POSITIVE_INFINITY) <= maxBytesInMemory
  return {
    label: member.name,
    isNested: true,
    open: () => (isSmall ? openInMemory(member) : openInFile(member)),
  }
}

async function openInMemory(member: InputMember): Promise<OpenZip> {
  const parts: Uint8Array[] = []
  for await (const chunk of member.stream()) parts.push(chunk)
  const zip = await fromBufferPromise(Buffer.concat(parts), zipOptions)
  return { zip, close: async () => zip.close() }
}

async function openInFile(member: InputMember): Promise<OpenZip> {
  const folder = await mkdtemp(join(tmpdir(), 'healthmate-'))
  let file: FileHandle | undefined
  try {
    file = await open(join(folder, 'zip'), 'wx+', 0o600)
    // Where a file cannot be removed while it is open (Windows), it goes when the zip is closed.
    await rm(folder, { recursive: true }).catch(() => {})
    for await (const chunk of member.stream()) await file.writeFile(chunk)
    const zip = await fromFdPromise(file.fd, zipOptions)
    const kept = file
    return { zip, close: () => closeFile(kept, folder) }
  } catch (cause) {
    if (file) await closeFile(file, folder)
    throw cause
  }
}

async function closeFile(file: FileHandle, folder: string): Promise<void> {
  await file.close()
  await rm(folder, { recursive: true, force: true })
}

/** Keeps the archives open that were read last. */
export class ArchiveShelf {
  #open: { readonly archive: Archive; readonly zip: Promise<OpenZip> }[] = []

  /** The opened archive. Fails as reading it does. */
  async zipOf(archive: Archive): Promise<ZipFile> {
    const known = this.#open.find((one) => one.archive === archive)
    if (known) return (await known.zip).zip
    await this.#makeRoom(archive.isNested)
    const zip = archive.open()
    const entry = { archive, zip }
    this.#open.push(entry)
    try {
      return (await zip).zip
    } catch (cause) {
      this.#open = this.#open.filter((one) => one !== entry)
      throw cause
    }
  }

  async close(): Promise<void> {
    for (const { zip } of this.#open.splice(0)) await (await zip).close()
  }

  async #makeRoom(isNested: boolean): Promise<void> {
    const alike = this.#open.filter(({ archive }) => archive.isNested === isNested)
    for (const old of alike.slice(0, Math.max(0, alike.length + 1 - (isNested ? 1 : maxOpenFiles)))) {
      this.#open = this.#open.filter((one) => one !== old)
      await (await old.zip).close()
    }
  }
}

/** First names in archives that are documents, not containers of exports: OOXML, OpenDocument, EPUB, Java. */
const documentStart = /^(\[Content_Types\]\.xml|_rels\/|docProps\/|(xl|word|ppt)\/|mimetype|META-INF\/)/
const localHeaderBytes = 30

/** Whether a file that begins like this is a zip of any kind: `PK\x03\x04`, or `PK\x05\x06` of an empty archive. */
export function isZipHead(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)
}

/** Whether a file that begins like this is a zip to be looked into when it lies among others. */
export function isArchiveHead(head: Uint8Array): boolean {
  if (!isZipHead(head)) return false
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  if (bytes.length < localHeaderBytes) return true
  const nameLength = bytes.readUInt16LE(26)
  return !documentStart.test(bytes.toString('latin1', localHeaderBytes, localHeaderBytes + nameLength))
}
