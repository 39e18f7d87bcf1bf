/** Documents inside resources: `Attachment` elements with their bytes, kept as files. */
import { conceptNames, type Element, elementOf, elementsOf, textOf } from '../../fhir/index.ts'
import type { Intake } from '../intake.ts'
import { attachmentOf } from '../whole-member.ts'

const mediaType = /^[\w.+-]{1,60}\/[\w.+-]{1,60}/
const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/
const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/rtf': 'rtf',
  'application/rtf': 'rtf',
  'text/xml': 'xml',
  'application/xml': 'xml',
  'image/jpeg': 'jpg',
  'image/png': 'png',
}

/** The attachments of a DocumentReference, a Binary, or the forms that a DiagnosticReport presents. */
export function documentsIn(resource: Element): readonly Element[] {
  const type = resource['resourceType']
  if (type === 'Binary') {
    return [{ contentType: resource['contentType'], data: resource['data'] ?? resource['content'] }]
  }
  if (type === 'DocumentReference') {
    return elementsOf(resource['content']).map((content) => elementOf(content['attachment']))
  }
  return type === 'DiagnosticReport' ? elementsOf(resource['presentedForm']) : []
}

/** Keeps the documents whose bytes are here. Returns how many. */
export function keepDocuments(resource: Element, intake: Intake): number {
  let kept = 0
  for (const document of documentsIn(resource)) {
    const data = document['data']
    if (typeof data !== 'string' || data.trim() === '' || !base64.test(data)) continue
    const type = mediaType.exec(textOf(document['contentType']) ?? '')?.[0] ?? 'application/octet-stream'
    const title =
      textOf(document['title']) ??
      textOf(resource['description']) ??
      conceptNames(resource['type'] ?? resource['code']) ??
      'document'
    const name = fileName(title, extensions[type] ?? 'bin')
    intake.attach('document', attachmentOf(name, type, new Uint8Array(Buffer.from(data, 'base64'))))
    kept++
  }
  return kept
}

/** A title as a file name: one line, no separators, with an extension. */
function fileName(title: string, extension: string): string {
  const plain = title
    .replace(/[\p{Cc}\p{Cf}\s/\\:*?"<>|]+/gu, ' ')
    .trim()
    .slice(0, 100)
  return /\.[a-z0-9]{2,5}$/i.test(plain) ? plain : `${plain === '' ? 'document' : plain}.${extension}`
}

/** The resource without the bytes that are kept as files. */
export function withoutBytes(resource: Element): string {
  return JSON.stringify(resource, (name, value: unknown) =>
    (name === 'data' || name === 'content') && typeof value === 'string' && value.length > 1000
      ? undefined
      : value,
  )
}
