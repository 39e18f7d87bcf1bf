/** Notes and attached files as FHIR DocumentReferences: https://hl7.org/fhir/R4/documentreference.html. */
import { utf8ToBytes } from '../foundation/index.ts'
import { metaOf } from './clinical.ts'
import { type FhirContext, identifier, present, resource } from './context.ts'
import { FieldReader } from './field-reader.ts'
import type { MappedEntity } from './patient.ts'
import { fhirInstant, fhirInstantText, fhirString } from './text.ts'
import type { AttachmentInput, EntityInput, Reference } from './types.ts'

/** A note's words as a text document, dated when it was written. */
export function noteToFhir(entity: EntityInput, context: FhirContext): MappedEntity | string {
  const fields = new FieldReader(entity.fields)
  const text = fields.text('text', 'note', 'body', 'content')
  if (text === undefined) return 'it is empty'
  const bytes = utf8ToBytes(text)
  const document = resource('DocumentReference', context.id('DocumentReference', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('note', entity.id),
    status: 'current',
    subject: context.patient,
    date: fields.read(fhirInstantText, 'at', 'date', 'time') ?? fhirInstant(entity.createdMs, 0),
    description: fields.text('title', 'subject'),
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from(bytes).toString('base64'),
          size: bytes.length,
        },
      },
    ],
  })
  return { resources: [document], unread: fields.unread() }
}

const mediaTypePattern = /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=[^\s;]+)*$/

/** An attached file with its bytes; the media type only where it is one. */
export function attachmentToFhir(
  entity: EntityInput,
  blob: AttachmentInput,
  mapping: { readonly context: FhirContext; readonly ownerOf: (id: string) => Reference | undefined },
): MappedEntity {
  const { context } = mapping
  const fields = new FieldReader(entity.fields)
  // Said by the blob itself.
  for (const known of ['name', 'media_type', 'size']) fields.value(known)
  const owner = fields.text('owner')
  const related = owner === undefined ? undefined : mapping.ownerOf(owner)
  const document = resource('DocumentReference', context.id('DocumentReference', entity.id), {
    meta: metaOf(fields),
    identifier: identifier('attachment', entity.id),
    status: 'current',
    subject: context.patient,
    date: fields.read(fhirInstantText, 'at', 'date', 'added') ?? fhirInstant(entity.createdMs, 0),
    description: fields.text('title', 'note', 'description'),
    content: [
      {
        attachment: present({
          contentType: mediaTypePattern.test(blob.mediaType) ? blob.mediaType : 'application/octet-stream',
          // A file of no bytes has no data: FHIR forbids an empty base64Binary.
          data: blob.base64 === '' ? undefined : blob.base64,
          size: blob.size,
          title: fhirString(blob.name),
        }),
      },
    ],
    context: related === undefined ? undefined : { related: [related] },
  })
  return { resources: [document], unread: fields.unread() }
}
