/** A zip writer that lies on request, and a reader of names: what no library writes, an attacker does. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly data: Uint8Array
  readonly stored?: boolean
  /** What the directory claims that it grows to; the truth when absent. */
  readonly claimedSize?: number
  /** Unix mode in the upper half of the external attributes: 0o120777 is a symbolic link. */
  readonly mode?: number
  /** Points at the bytes of the entry with this index. */
  readonly sameBytesAs?: number
}

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  const packed = entries.map((entry) => {
    const bytes = entry.stored ? Buffer.from(entry.data) : deflateRawSync(entry.data)
    return { entry, bytes, crc: crc32(entry.data), name: Buffer.from(entry.name, 'utf8') }
  })
  for (const one of packed) {
    const { entry, bytes, name } = one
    offsets.push(entry.sameBytesAs === undefined ? offset : (offsets[entry.sameBytesAs] as number))
    if (entry.sameBytesAs !== undefined) continue
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    fields(one).copy(header, 4)
    parts.push(header, name, bytes)
    offset += header.length + name.length + bytes.length
  }
  const start = offset
  packed.forEach((one, index) => {
    const header = Buffer.alloc(46)
    header.writeUInt32LE(0x02014b50, 0)
    header.writeUInt16LE((3 << 8) | 20, 4)
    fields(one).copy(header, 6)
    header.writeUInt32LE(((one.entry.mode ?? 0o100644) << 16) >>> 0, 38)
    header.writeUInt32LE(offsets[index] as number, 42)
    parts.push(header, one.name)
    offset += header.length + one.name.length
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(offset - start, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([...parts, end])
}

/** Version, flags, method, time, date, checksum, sizes, name length, extra length: alike in both headers. */
function fields({
  entry,
  bytes,
  crc,
  name,
}: {
  entry: ZipEntry
  bytes: Buffer
  crc: number
  name: Buffer
}): Buffer {
  const out = Buffer.alloc(26)
  out.writeUInt16LE(20, 0)
  out.writeUInt16LE(0x0800, 2)
  out.writeUInt16LE(entry.stored ? 0 : 8, 4)
  out.writeUInt32LE(crc, 10)
  out.writeUInt32LE(bytes.length, 14)
  out.writeUInt32LE(entry.claimedSize ?? entry.data.length, 18)
  out.writeUInt16LE(name.length, 22)
  return out
}

/** Names in the central directory. */
export function namesInZip(zip: Buffer): readonly string[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  const names: string[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < zip.readUInt16LE(end + 10); index++) {
    const nameLength = zip.readUInt16LE(at + 28)
    names.push(zip.toString('utf8', at + 46, at + 46 + nameLength))
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return names
}
