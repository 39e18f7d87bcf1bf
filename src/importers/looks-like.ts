/**
 * What an unknown file looks like, for the person to tell what it may be: its kind by the first bytes, and of text the
 * names in it (keys, columns, elements), never its values.
 */

const maxNames = 8
const maxNameLength = 40

/** Kinds by signature: offset, bytes as Latin-1, name. */
const signatures: readonly (readonly [number, string, string])[] = [
  [0, 'PK\x03\x04', 'a zip'],
  [0, 'PK\x05\x06', 'an empty zip'],
  [0, '\x1f\x8b', 'gzip'],
  [0, 'BZh', 'bzip2'],
  [0, '\xfd7zXZ\0', 'xz'],
  [0, '7z\xbc\xaf\x27\x1c', '7-Zip'],
  [0, 'Rar!', 'RAR'],
  [0, '%PDF-', 'PDF'],
  [0, '\x89PNG', 'a PNG picture'],
  [0, '\xff\xd8\xff', 'a JPEG picture'],
  [0, 'GIF8', 'a GIF picture'],
  [4, 'ftyp', 'a video or HEIC picture'],
  [0, 'ID3', 'MP3 sound'],
  [0, 'SQLite format 3\0', 'a SQLite database'],
  [0, '\xd0\xcf\x11\xe0', 'an old Office file'],
  [8, '.FIT', 'a FIT file'],
  [128, 'DICM', 'a DICOM picture'],
  [257, 'ustar', 'a tar archive'],
]

/** A few words: `JSON, an object with a, b`. */
export function looksLike(head: Uint8Array, name: string): string {
  if (head.length === 0) return 'an empty file'
  const latin = Buffer.from(head.subarray(0, 512)).toString('latin1')
  const found = signatures.find(([offset, bytes]) => latin.startsWith(bytes, offset))
  if (found) return isOffice(latin, name) ? 'an Office or OpenDocument file' : found[2]
  const text = textOf(head)
  if (text === undefined) return 'binary data of an unknown kind'
  return textLook(text.trimStart())
}

function isOffice(latin: string, name: string): boolean {
  return latin.startsWith('PK') && /\.(xlsx|docx|pptx|ods|odt)$/i.test(name)
}

/** The text; undefined for what is none. */
function textOf(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
  const text = bytes.toString('utf8')
  let strange = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 9 || (code > 13 && code < 32) || code === 0xfffd) strange++
  }
  return strange > text.length / 50 ? undefined : text.replace(/^\ufeff/, '')
}

function textLook(text: string): string {
  if (text === '') return 'an empty file'
  if (text.startsWith('<')) return xmlLook(text)
  if (text.startsWith('{')) {
    const isLines = /\}\s*\n\s*\{/.test(text.slice(0, 4096)) && !text.startsWith('{\n')
    return isLines ? `NDJSON, objects${withKeys(text)}` : `JSON, an object${withKeys(text)}`
  }
  if (text.startsWith('[')) {
    return /^\[\s*\{/.test(text) ? `JSON, an array of objects${withKeys(text)}` : 'JSON, an array'
  }
  if (/^(MSH|FHS|BHS)\|/.test(text)) return 'HL7 v2'
  return tableLook(text)
}

function xmlLook(text: string): string {
  const element = /<([A-Za-z_][\w.:-]*)/.exec(text.replaceAll(/<[?!][^>]*>/g, ''))?.[1]
  if (element === undefined) return 'XML'
  return /^html$/i.test(element) ? 'a web page' : `XML with the root ${shortened(element)}`
}

/** Keys of the first object, at its own level. */
function withKeys(text: string): string {
  const keys: string[] = []
  let depth = 0
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g
  const start = text.indexOf('{')
  token.lastIndex = start
  for (let match = token.exec(text); match && keys.length < maxNames; match = token.exec(text)) {
    const [mark, key, colon] = match
    if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') {
      if (--depth === 0) break
    } else if (colon !== undefined && depth === 1) keys.push(shortened(key ?? ''))
  }
  return keys.length === 0 ? '' : ` with ${keys.join(', ')}`
}

function tableLook(text: string): string {
  const line = text.split(/\r?\n|\r/, 1)[0] ?? ''
  const separator = ['\t', ';', ','].find((one) => line.includes(one))
  if (separator === undefined) return 'text'
  const columns = line.split(separator).map((column) => column.trim().replaceAll(/^"|"$/g, ''))
  // A line of values is no heading: their text stays out of the report.
  const isHeading =
    columns.every((column) => column === '' || /^[\p{L}_]/u.test(column)) && columns.length < 500
  if (!isHeading) return `a table of ${columns.length} columns without a heading`
  const named = columns.filter((column) => column !== '').map(shortened)
  const more = named.length > maxNames ? '…' : ''
  return `a table with the columns ${[...named.slice(0, maxNames), more].filter((name) => name !== '').join(', ')}`
}

function shortened(name: string): string {
  return name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name
}
