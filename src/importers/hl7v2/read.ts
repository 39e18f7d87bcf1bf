/**
 * Reads HL7 v2 messages. Results wait for a while, because a later message can correct an earlier one (same order, same
 * code): the last version counts, the earlier ones are merged into it. A correction that comes later still is a version
 * of its own (`Extra.meta`), as one of another import is.
 */
import { type Element, textOf } from '../../fhir/index.ts'
import { Failure, minuteMs } from '../../foundation/index.ts'
import { keepDocuments } from '../clinical/documents.ts'
import { keepingOf, type Place } from '../clinical/place.ts'
import { ResourceIntake } from '../clinical/resource-intake.ts'
import { dateTimeOfTimestamp, readClinicalTime } from '../clinical/time.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { attachmentOf, Collector, stops } from '../whole-member.ts'
import {
  documentOfObx,
  immunizationOfRxa,
  observationOfObx,
  patientOfPid,
  reportOfObr,
  withoutResult,
} from './resources.ts'
import { beginsMessage, componentOf, fieldOf, type Message, MessageReader, type Segment } from './segments.ts'

const maxKeptBytes = 32 * 1024 * 1024
/** Results that wait for a correction at most; one that comes later still replaces what was taken (revisions). */
const maxWaiting = 1_000
/** What is read at once: a chunk of a file has some ten thousand results. */
const pieceBytes = 64 * 1024
/** ISO 8859-1 in MSH-18 (table 0211); everything else that occurs is ASCII or UTF-8. */
const latin1 = /8859\/1(?!\d)/

export function isHl7(head: Uint8Array): boolean {
  return beginsMessage(Buffer.from(head.subarray(0, 200)).toString('utf8'))
}

export async function readHl7(input: OpenedInput, intake: Intake): Promise<void> {
  const reader = new Hl7Reader(intake)
  for (const member of input.members) {
    if (!isHl7(await member.head())) {
      intake.note('a file that holds no HL7 v2 messages was passed over')
      continue
    }
    await reader.file(member, input.totalBytes)
    if (intake.interrupted) return
  }
  await reader.settle()
}

/** A record that waits for a later version of itself. */
interface Waiting {
  /** Made when its turn has come: as segments it waits in a fraction of the memory. */
  readonly resource: () => Element
  /** Why it states no result; '' when it does. */
  readonly noResult: string
  readonly place: Place
  readonly sentMs: number
}

class Hl7Reader {
  readonly #intake: Intake
  readonly #resources: ResourceIntake
  readonly #waiting = new Map<string, Waiting>()
  #unkeyed = 0

  constructor(intake: Intake) {
    this.#intake = intake
    this.#resources = new ResourceIntake(intake)
  }

  async file(member: InputMember, totalBytes: number | null): Promise<void> {
    const label = member.name.split('/').at(-1) ?? member.name
    const isKept = member.size === null || member.size <= maxKeptBytes
    const collector = new Collector(isKept ? maxKeptBytes : 0)
    const decoder = new TextDecoder(await encodingOf(member))
    const reader = new MessageReader({
      message: (message) => this.#message(message, label, isKept),
      refused: (reason, line, text) => {
        if (this.#intake.begin(1)) this.#intake.refuse(`${label}:${line}`, reason, text, 'REFUSED_INPUT')
      },
    })
    try {
      for await (const chunk of member.stream()) {
        collector.add(chunk)
        for (let from = 0; from < chunk.length; from += pieceBytes) {
          reader.push(decoder.decode(chunk.subarray(from, from + pieceBytes), { stream: true }))
          if (this.#waiting.size > maxWaiting) await this.settle()
          if (this.#intake.full) this.#intake.flush()
        }
        this.#intake.progress(chunk.length, totalBytes)
        if (stops(this.#intake)) return
      }
    } catch (cause) {
      if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
      this.#intake.complain({ where: label, reason: cause.message, raw: '', code: cause.code })
    }
    reader.push(decoder.decode())
    reader.finish()
    this.#keepWhole(member, collector)
  }

  /** Takes everything that waits. */
  async settle(): Promise<void> {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { resource, noResult, place } of waiting) {
      if (noResult !== '') this.#resources.keep(noResult, place)
      else await this.#resources.take(resource(), place)
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return
    }
    this.#resources.settle()
  }

  #keepWhole(member: InputMember, collector: Collector): void {
    const bytes = collector.bytes()
    if (!this.#intake.begin(0)) return
    if (bytes === null) this.#intake.note('a file was too large to be kept whole')
    else this.#intake.attach('document', attachmentOf(member.name, 'x-application/hl7-v2+er7', bytes))
  }

  #message({ header, segments }: Message, label: string, isInFile: boolean): void {
    const sent = readClinicalTime(dateTimeOfTimestamp(componentOf(header, 7, 1) ?? '') ?? '')
    const sentMs = sent ? sent.wallMs - (sent.offsetMin ?? 0) * minuteMs : 0
    const kind = componentOf(header, 9, 1) ?? ''
    const pid = segments.find(({ name }) => name === 'PID')
    const person = personName(pid, label)
    const place = (segment: Segment, ...more: readonly Segment[]): Place => {
      const text = () => [segment, ...more].map((one) => one.text).join('\r')
      return {
        where: `${label}:${segment.line}`,
        text,
        ...keepingOf(text(), isInFile),
        ...(sent ? { versionMs: sentMs } : {}),
      }
    }
    if (!/^(ORU|OUL|VXU|ORF)$/.test(kind)) {
      const name = kind.replace(/[^A-Z0-9]/g, '').slice(0, 10)
      this.#resources.keep(`message ${name === '' ? 'without a type' : name}`, place(header, ...segments))
      return
    }
    if (pid) this.#resources.meet(patientOfPid(pid), person, `${label}:${pid.line}`)
    const walk = new Walk(segments)
    const wait = (key: string, one: Omit<Waiting, 'sentMs'>) => this.#wait(key, { ...one, sentMs })
    for (const { obx, order, notes, ordinal } of walk.results) {
      const status = componentOf(obx, 11, 1) ?? 'F'
      const key = this.#keyOf(order, obx, ordinal)
      const result = key === undefined ? {} : { result: { kind: 'order', name: key } as const }
      const at = { ...place(obx, ...notes), ...result }
      const document = documentOfObx(obx)
      if (document && this.#intake.begin(0)) keepDocuments(document, this.#intake)
      const code = componentOf(obx, 3, 1) ?? 'without a code'
      const subject = { reference: person }
      wait(key ?? this.#unique(), {
        resource: () => ({ ...observationOfObx(obx, order, notes), subject }),
        noResult: withoutResult.has(status)
          ? `Observation ${code.slice(0, 60)} (${status === 'I' ? 'pending' : 'order detail'})`
          : document
            ? `Observation ${code.slice(0, 60)} (document)`
            : '',
        place: at,
      })
    }
    for (const { obr, results, notes } of walk.orders) {
      const resource = () => ({ ...reportOfObr(obr, results, notes), subject: { reference: person } })
      wait(this.#keyOf(obr, undefined, 0) ?? this.#unique(), {
        resource,
        noResult: '',
        place: place(obr, ...notes),
      })
    }
    for (const { rxa, rxr } of walk.vaccinations) {
      const resource = () => ({ ...immunizationOfRxa(rxa, rxr), patient: { reference: person } })
      wait(this.#unique(), { resource, noResult: '', place: place(rxa, ...(rxr ? [rxr] : [])) })
    }
  }

  /** A version sent later replaces one sent earlier; of one time the later in the input. */
  #wait(key: string, one: Waiting): void {
    const earlier = this.#waiting.get(key)
    if (earlier) {
      if (this.#intake.begin(1)) this.#intake.merge(1)
      if (one.sentMs < earlier.sentMs) return
      this.#intake.note('a result was replaced by a later message about the same order')
      this.#waiting.delete(key)
    }
    this.#waiting.set(key, one)
  }

  /** Order number, code and sub-id; undefined without an order number: it is a record of its own. */
  #keyOf(order: Segment | undefined, obx: Segment | undefined, ordinal: number): string | undefined {
    const number = componentOf(order, 3, 1) ?? componentOf(order, 2, 1)
    if (number === undefined) return undefined
    const result = obx
      ? [fieldOf(obx, 3).split(obx.delimiters.component)[0], fieldOf(obx, 4), String(ordinal)]
      : ['OBR']
    return [number, componentOf(order, 4, 1) ?? '', ...result].join('|')
  }

  #unique(): string {
    return `#${this.#unkeyed++}`
  }
}

interface Result {
  readonly obx: Segment
  readonly order: Segment | undefined
  readonly notes: Segment[]
  /** Which one of the same code and sub-id in its order it is. */
  readonly ordinal: number
}

/** The segments of a message by what they belong to. */
class Walk {
  readonly results: Result[] = []
  readonly orders: { readonly obr: Segment; readonly results: Segment[]; readonly notes: Segment[] }[] = []
  readonly vaccinations: { readonly rxa: Segment; rxr: Segment | undefined }[] = []

  constructor(segments: readonly Segment[]) {
    const seen = new Map<string, number>()
    let notes: Segment[] | undefined
    for (const segment of segments) {
      const order = this.orders.at(-1)
      if (segment.name === 'OBR') {
        notes = []
        seen.clear()
        this.orders.push({ obr: segment, results: [], notes })
      } else if (segment.name === 'OBX') {
        notes = []
        const key = `${fieldOf(segment, 3)}\0${fieldOf(segment, 4)}`
        const ordinal = seen.get(key) ?? 0
        seen.set(key, ordinal + 1)
        this.results.push({ obx: segment, order: order?.obr, notes, ordinal })
        order?.results.push(segment)
      } else if (segment.name === 'NTE') notes?.push(segment)
      else if (segment.name === 'RXA') this.vaccinations.push({ rxa: segment, rxr: undefined })
      else if (segment.name === 'RXR') {
        const last = this.vaccinations.at(-1)
        if (last) last.rxr ??= segment
      }
    }
  }
}

/** One name a person: two laboratories may give the same number (PID-3) to people of other names or birth dates. */
function personName(pid: Segment | undefined, label: string): string {
  const parts = [componentOf(pid, 3, 1) ?? label, componentOf(pid, 5, 1), componentOf(pid, 7, 1)]
  return `Patient ${parts.map((part) => part ?? '').join(' ')}`
}

/** The label of the decoder for a file whose first header declares its characters (MSH-18). */
async function encodingOf(member: InputMember): Promise<string> {
  const head = Buffer.from(await member.head())
  const [first = ''] = head.toString('latin1').split(/[\r\n]/)
  const declared = textOf(first.split(first.charAt(first.search(/MSH|FHS|BHS/) + 3))[17])
  return declared !== undefined && latin1.test(declared) ? 'windows-1252' : 'utf-8'
}
