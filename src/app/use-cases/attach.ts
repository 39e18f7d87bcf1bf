/** `attach`: files kept inside the vault, beside a record. */
import { bytesToHex, Failure } from '../../foundation/index.ts'
import { type Attachment, emptyChange, type Operation } from '../../records/index.ts'
import type { AppContext } from '../context.ts'
import type { UseCase } from '../use-case.ts'
import { notFound } from './list.ts'

export interface AttachArgs {
  readonly ownerId: string
  readonly name: string
  readonly mediaType: string
  /** The file's bytes, base64: the client opens the file, not the agent. */
  readonly base64: string
}

export const attachUseCase: UseCase<
  AttachArgs,
  { readonly id: string; readonly name: string; readonly bytes: number }
> = {
  name: 'attach',
  scope: 'read',
  async run(context, args) {
    const vault = context.vault()
    const owned = vault.find(args.ownerId) ?? ownerEntity(context, args.ownerId)
    if (!owned) throw notFound(args.ownerId)
    const bytes = new Uint8Array(Buffer.from(args.base64, 'base64'))
    const id = bytesToHex(context.random.bytes(13))
    const attachment: Attachment = { id, name: args.name, mediaType: args.mediaType, bytes }
    const fields = { owner: args.ownerId, name: args.name, mediaType: args.mediaType, size: bytes.length }
    const operations = Object.entries(fields).map(
      ([field, value]): Operation => ({ kind: 'entity', type: 'attachment', id, field, value }),
    )
    vault.write({ ...emptyChange, label: 'attach a file', operations, attachments: [attachment] })
    return { id, name: args.name, bytes: bytes.length }
  },
}

function ownerEntity(context: AppContext, id: string) {
  const types = ['note', 'goal', 'appointment', 'condition', 'medication'] as const
  return types.map((type) => context.vault().entity(type, id)).find((entity) => entity !== undefined)
}

/** The content of an attachment, base64. */
export const attachmentUseCase: UseCase<
  { readonly id: string },
  { readonly name: string; readonly mediaType: string; readonly base64: string }
> = {
  name: 'attach.get',
  scope: 'read',
  async run(context, args) {
    const attachment = context.vault().attachment(args.id)
    if (!attachment)
      throw new Failure('NOT_FOUND', 'there is no such attachment', { hint: 'healthmate show ID' })
    const { name, mediaType, bytes } = attachment
    return { name, mediaType, base64: Buffer.from(bytes).toString('base64') }
  },
}
