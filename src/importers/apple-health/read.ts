/** Reads the members of an Apple Health export: the main document streamed, everything beside it kept whole. */
import { createHash } from 'node:crypto'
import { Failure } from '../../foundation/index.ts'
import { asUtf8 } from '../encoding.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { ElementScanner } from '../xml/element-scanner.ts'
import type { ElementTape } from '../xml/element-tape.ts'
import { ItemReader } from './items.ts'
import { isCounted, isPart, scannerNames } from './names.ts'

/** Larger files beside the main document are refused; a day-long route has 20 MB. */
const maxAttachmentBytes = 64 * 1024 * 1024
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

interface SideFile {
  readonly kind: string
  readonly mediaType: string
}

/** Whether these bytes begin the main document. Encodings with two bytes a character are looked through. */
export function isMainDocument(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1').replaceAll('\0', '')
  // Other texts may quote an export.
  if (!/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(text)) return false
  return (
    /<HealthData[\s>]/.test(text) ||
    text.includes('HealthKit Export Version') ||
    /<(Record|Correlation|Workout)\s[^>]*"HK[A-Z]/.test(text)
  )
}

/** A name that can be the main document's: its file name follows the language of the phone. */
export function canBeMainDocument(name: string): boolean {
  return sideFile(name) === undefined && !/\.(png|jpe?g|pdf|zip|DS_Store)$/i.test(name)
}

/**
 * What lies beside a main document: routes and electrocardiograms are part of the records in it; clinical records are
 * documents of their own, kept here where nothing reads them.
 */
export function accompanies(name: string, beside: readonly string[]): 'own' | 'leftover' | undefined {
  const part = /(?:^|\/)((workout-routes|electrocardiograms|clinical-records)\/[^/]+|export_cda\.xml)$/.exec(
    name,
  )
  if (!part) return undefined
  const folder = name.slice(0, name.length - (part[1] as string).length)
  const isBeside = beside.some((main) => main.slice(0, main.lastIndexOf('/') + 1) === folder)
  if (!isBeside) return undefined
  return part[2] === 'clinical-records' ? 'leftover' : 'own'
}

export async function readExport(input: OpenedInput, intake: Intake): Promise<void> {
  const main: InputMember[] = []
  const others: InputMember[] = []
  for (const member of input.members) {
    const isMain = canBeMainDocument(member.name) && isMainDocument(await member.head())
    ;(isMain ? main : others).push(member)
  }
  if (main.length === 0) {
    throw new Failure('REFUSED_INPUT', 'there is no Apple Health export.xml in the input', {
      hint: 'In the Health app: profile picture, Export All Health Data; then import the export.zip.',
    })
  }
  for (const member of main) {
    await readDocument(member, input.totalBytes, intake)
    if (intake.interrupted) return
  }
  for (const member of others) {
    await readBeside(member, input.totalBytes, intake)
    if (intake.full) intake.flush()
    if (stops(intake)) return
  }
}

async function readDocument(member: InputMember, totalBytes: number | null, intake: Intake): Promise<void> {
  const label = member.name.split('/').at(-1) ?? member.name
  const place = (tape: ElementTape, node: number) =>
    `${label}:${scanner.lineOf(tape.nodeStart[node] as number)}`
  const items = new ItemReader(intake, place)
  let refusals = 0
  const scanner: ElementScanner = new ElementScanner(scannerNames, {
    item: (tape) => {
      items.item(tape)
      if (intake.full) intake.flush()
    },
    refused: (reason, name, start, end) => {
      const isRecord = isCounted(name)
      const isNew = intake.begin(isRecord ? 1 : 0)
      if (!isNew || (isPart(name) && refusals > 0)) return
      refusals++
      const where = `${label}:${scanner.lineOf(start)}`
      const raw = scanner.tape.bytes.toString('utf8', start, Math.min(end, start + 400))
      if (isRecord) intake.refuse(where, reason, raw, 'REFUSED_INPUT')
      else intake.complain({ where, reason, raw, code: 'REFUSED_INPUT' })
    },
  })
  try {
    for await (const chunk of asUtf8(member.stream())) {
      scanner.push(chunk)
      intake.progress(chunk.length, totalBytes)
      if (stops(intake)) return
    }
  } catch (cause) {
    // A damaged zip member: what came before the damage is kept.
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    intake.complain({ where: label, reason: cause.message, raw: '', code: cause.code })
  }
  scanner.finish()
  items.pressure.settle()
  closeDocument(scanner, label, intake)
}

function closeDocument(scanner: ElementScanner, label: string, intake: Intake): void {
  if (scanner.isCutShort) {
    const where = `${label}:${scanner.lastLine}`
    intake.complain({
      where,
      reason: 'the file ends before its last element is closed',
      raw: '',
      code: 'REFUSED_INPUT',
    })
  }
  if (scanner.controlCharacters > 0) {
    intake.note('a control character that XML does not allow was kept', scanner.controlCharacters)
  }
  if (scanner.tape.undefinedEntity !== '') {
    intake.note(
      `a reference to an entity that XML does not define (&${scanner.tape.undefinedEntity};) was kept as it is written`,
    )
  }
}

/** Whether the person asked to stop; what was read until here is then written. */
function stops(intake: Intake): boolean {
  if (intake.options.signal?.aborted !== true) return false
  intake.interrupted = true
  intake.flush()
  return true
}

function sideFile(name: string): SideFile | undefined {
  if (/\.gpx$/i.test(name)) return { kind: 'workout-route', mediaType: 'application/gpx+xml' }
  if (/\.csv$/i.test(name)) return { kind: 'electrocardiogram', mediaType: 'text/csv' }
  return /\.json$/i.test(name) ? { kind: 'clinical-record', mediaType: 'application/json' } : undefined
}

async function readBeside(member: InputMember, totalBytes: number | null, intake: Intake): Promise<void> {
  const side = sideFile(member.name)
  if (!side) {
    intake.note(`${member.name.slice(0, 100)} is not read: it holds no records of its own`)
    return
  }
  if (!intake.begin(0)) return
  const refuse = (reason: string) =>
    intake.complain({ where: member.name, reason, raw: '', code: 'REFUSED_INPUT' })
  if ((member.size ?? 0) > maxAttachmentBytes) return refuse(`it is larger than ${maxAttachmentBytes} bytes`)
  const bytes = await wholeFile(member, refuse)
  if (!bytes) return
  intake.progress(bytes.length, totalBytes)
  const name = member.name.split('/').slice(-2).join('/')
  intake.attach(side.kind, { id: attachmentId(bytes), name, mediaType: side.mediaType, bytes })
}

async function wholeFile(member: InputMember, refuse: (reason: string) => void): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of member.stream()) {
      parts.push(chunk)
      length += chunk.length
      if (length > maxAttachmentBytes) {
        refuse(`it is larger than ${maxAttachmentBytes} bytes`)
        return null
      }
    }
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
    refuse(cause.message)
    return null
  }
  return new Uint8Array(Buffer.concat(parts, length))
}

/** From the content, so that the same file imported again is the same attachment. */
function attachmentId(bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest()
  let id = ''
  for (let i = 0; i < 26; i++) id += base32[(hash[i] as number) & 31]
  return id
}
