/**
 * A member that is gzip (RFC 1952), read as what is inside: `export.xml.gz`, the `.ndjson.gz` of a bulk export,
 * `activity.fit.gz`. It tells no size that could be believed, so what comes out is counted and has the limit of a zip.
 * Length and checksum are compared by zlib.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Failure } from '../foundation/index.ts'
import type { InputMember } from './importer.ts'
import { headOf, zipLimits } from './zip-input.ts'

const gunzipChunkBytes = 256 * 1024
/** Names under which gzip is opened; of standard input and pipes the content alone counts. */
const gzipName = /\.gz(ip)?$/i

export function isGzipHead(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8
}

/**
 * The member as it is inside where it is gzip by name and content, else the member itself. Its stream fails with
 * REFUSED_INPUT where it is cut or damaged, and behind `limit` bytes.
 */
export async function ungzipped(
  member: InputMember,
  isStream: boolean,
  limit: number = zipLimits.totalBytes,
): Promise<InputMember> {
  if (!(isStream || gzipName.test(member.name)) || !isGzipHead(await member.head())) return member
  const { size: _, ...same } = member
  const name = member.name.replace(gzipName, '')
  return {
    ...same,
    name,
    size: null,
    head: async () => headOf(content([await member.head()], name, limit)),
    stream: () => content(member.stream(), name, limit),
  }
}

async function* content(
  packed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  limit: number,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: gunzipChunkBytes })
  const feeding = pipeline(Readable.from(packed, { objectMode: true }), gunzip).catch(() => {})
  let length = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) throw damaged(name, `it holds more than ${limit / 2 ** 30} GiB`)
      yield chunk
    }
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown }
    if (!String(code).startsWith('Z_')) throw cause
    throw damaged(name, code === 'Z_BUF_ERROR' ? 'it is cut off' : 'its compressed data is damaged', cause)
  } finally {
    gunzip.destroy()
    await feeding
  }
}

function damaged(name: string, reason: string, cause?: unknown): Failure {
  return new Failure('REFUSED_INPUT', `${name}.gz is damaged: ${reason}`, {
    hint: 'Export again, or copy the file again from where it came.',
    cause,
  })
}
