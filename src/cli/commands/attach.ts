/** `attach`: keeps a file inside the vault, beside a record, and takes it out again. */
import { readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { writeOutputFile } from '../output-file.ts'
import { oneLine } from '../present/terminal.ts'

/** One request to the agent carries the file; security.md, section 5.8, allows blobs of 100 MiB. */
const maxFileBytes = 32 * 1024 * 1024

const mediaTypeByExtension: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.html': 'text/html',
}

export async function run(invocation: Invocation): Promise<void> {
  return invocation.flag('get') ? takeOut(invocation) : putIn(invocation)
}

async function takeOut(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const path = invocation.argument('file')
  const attachment = await ask(invocation, 'attach.get', { id: invocation.argument('id') })
  const bytes = Buffer.from(attachment.base64, 'base64')
  writeOutputFile(path, bytes, invocation.flag('force'))
  if (output.format === 'json') return output.json({ name: attachment.name, file: path, bytes: bytes.length })
  output.note(`Wrote ${oneLine(attachment.name)} to ${oneLine(path)} (${bytes.length} bytes)`)
}

async function putIn(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const path = invocation.argument('file')
  const bytes = await contentOf(path)
  const view = await ask(invocation, 'attach', {
    ownerId: invocation.argument('id'),
    name: basename(path),
    mediaType: mediaTypeByExtension[extname(path).toLowerCase()] ?? 'application/octet-stream',
    base64: bytes.toString('base64'),
  })
  if (output.format === 'json') return output.json(view)
  output.result(`Attached ${oneLine(view.name)} (${view.bytes} bytes) as ${view.id}`)
  output.note(`healthmate attach --get ${view.id} FILE takes it out again.`)
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    const facts = await stat(path)
    if (!facts.isFile()) throw new Failure('USAGE', `${path} is no file`)
    if (facts.size > maxFileBytes) {
      throw new Failure('VALUE', `${path} is larger than ${maxFileBytes / 1024 / 1024} MiB`)
    }
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure('IO', `${path} cannot be read`, { hint: 'Check the path and its permissions.', cause })
  }
}
