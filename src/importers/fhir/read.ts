/**
 * Reads FHIR in all its containers. Resources wait in batches of bounded size: of a batch first what others point at
 * is learned (patients, medications, devices), wherever it stands, then every resource is taken in order.
 */
import { type Element, elementOf, elementsOf, isElement, textOf } from '../../fhir/index.ts'
import { Failure, minuteMs } from '../../foundation/index.ts'
import { ResourceIntake, typeName } from '../clinical/resource-intake.ts'
import { readClinicalTime } from '../clinical/time.ts'
import { asUtf8 } from '../encoding.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { stops } from '../whole-member.ts'
import { TreeReader } from '../xml/tree-reader.ts'
import { EntryScanner, noObject } from './entries.ts'
import { LineScanner } from './lines.ts'
import { type FhirForm, fhirForm } from './recognise.ts'
import { membersOf, resourceOfXml } from './xml.ts'

/** Source text that waits at most, and resources. */
const maxBatchBytes = 8 * 1024 * 1024
const maxBatchParts = 50_000
const maxNesting = 8

/** A piece of the input that waits: its text, or what was read from XML. */
interface Waiting {
  readonly kind: 'entry' | 'value'
  readonly where: string
  readonly bytes: Buffer
  /** Of XML, where the text is not JSON. */
  readonly element: Element | null
  readonly bundle: BundleHead
}

interface BundleHead {
  /** Bundle.type; a history holds older versions behind newer ones. */
  readonly type: string
  readonly versionMs: number | undefined
}

const noBundle: BundleHead = { type: '', versionMs: undefined }
/** What others point at. Searched in the bytes, so that most resources are parsed once. */
const learned = ['"Patient"', '"Medication"', '"Device"'].map((word) => Buffer.from(word))

export async function readFhir(input: OpenedInput, intake: Intake): Promise<void> {
  const reader = new FhirReader(intake)
  const members = await formsOf(input.members)
  for (const { member, form } of members) {
    if (form === undefined) {
      intake.note('a file that holds no FHIR resources was passed over')
      continue
    }
    await reader.member(member, form, input.totalBytes)
    if (intake.interrupted) return
  }
  await reader.finish()
}

/** Members with their form; those with patients, medications and devices of a bulk export come first. */
async function formsOf(members: readonly InputMember[]) {
  const found: {
    readonly member: InputMember
    readonly form: FhirForm | undefined
    readonly rank: number
  }[] = []
  for (const member of members) {
    const form = fhirForm(member.name, await member.head())
    const base = member.name.split('/').at(-1) ?? ''
    const rank = ['Patient', 'Medication', 'Device'].findIndex((type) =>
      new RegExp(`(^|[^A-Za-z])${type}([^A-Za-z]|$)`).test(base),
    )
    found.push({ member, form, rank: rank < 0 ? 9 : rank })
  }
  return found.sort((a, b) => a.rank - b.rank)
}

export class FhirReader {
  readonly #intake: Intake
  readonly #resources: ResourceIntake
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** `Type/id` seen in a history: what follows is an older version. */
  readonly #versions = new Set<string>()

  constructor(intake: Intake) {
    this.#intake = intake
    this.#resources = new ResourceIntake(intake)
  }

  /** Reads one member. A damaged one keeps what came before the damage. */
  async member(member: InputMember, form: FhirForm, totalBytes: number | null): Promise<void> {
    const label = member.name.split('/').slice(-2).join('/')
    const push = this.#pusher(form, label)
    try {
      for await (const chunk of asUtf8(member.stream())) {
        push.push(chunk)
        this.#intake.progress(chunk.length, totalBytes)
        if (this.#waitingBytes >= maxBatchBytes || this.#waiting.length >= maxBatchParts) await this.#batch()
        if (this.#intake.interrupted) return
      }
    } catch (cause) {
      if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
      this.#intake.complain({ where: label, reason: cause.message, raw: '', code: cause.code })
    }
    push.finish()
    if (stops(this.#intake)) return
    if (this.#waitingBytes >= maxBatchBytes || this.#waiting.length >= maxBatchParts) await this.#batch()
  }

  /** The input ends. */
  async finish(): Promise<void> {
    await this.#batch()
    if (!this.#intake.interrupted) this.#resources.settle()
  }

  #pusher(form: FhirForm, label: string): { push(chunk: Uint8Array): void; finish(): void } {
    const refused = (reason: string, line: number) => this.#refuse(`${label}:${line}`, reason, '')
    if (form === 'lines') {
      return new LineScanner({
        line: (bytes, line) =>
          this.#wait({ kind: 'value', where: `${label}:${line}`, bytes, element: null, bundle: noBundle }),
        refused,
      })
    }
    if (form === 'xml') return this.#xmlPusher(label)
    let bundle = noBundle
    return new EntryScanner({
      bundle: (head) => {
        bundle = headOf(parsed(head))
      },
      part: ({ kind, bytes, line }) =>
        this.#wait({
          kind,
          where: `${label}:${line}`,
          bytes,
          element: null,
          bundle: kind === 'entry' ? bundle : noBundle,
        }),
      refused,
    })
  }

  #xmlPusher(label: string): { push(chunk: Uint8Array): void; finish(): void } {
    const decoder = new TextDecoder()
    const reader: TreeReader = new TreeReader({
      isItem: (name, parent) =>
        parent === null
          ? name !== 'Bundle'
          : name === 'entry' && parent.name === 'Bundle' && parent.parent === null,
      onItem: ({ node, source, damage }) => {
        const where = `${label}:${node.line}`
        if (damage !== '') {
          this.#refuse(where, damage, source)
          return
        }
        const isEntry = node.parent !== null
        const element = isEntry ? membersOf(node) : resourceOfXml(node)
        const bundle = isEntry && node.parent ? headOf(membersOf(node.parent)) : noBundle
        this.#wait({ kind: isEntry ? 'entry' : 'value', where, bytes: Buffer.from(source), element, bundle })
      },
    })
    return {
      push: (chunk) => reader.push(decoder.decode(chunk, { stream: true })),
      finish: () => {
        reader.push(decoder.decode())
        reader.finish()
        if (reader.damage !== '') {
          this.#intake.complain({ where: label, reason: reader.damage, raw: '', code: 'REFUSED_INPUT' })
        }
      },
    }
  }

  #wait(part: Waiting): void {
    this.#waiting.push(part)
    // Elements of XML weigh about as much again as their text.
    this.#waitingBytes += part.bytes.length * (part.element ? 4 : 1)
  }

  /** Learns from all that waits, then takes it in order. */
  async #batch(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    for (const part of waiting) {
      if (part.element || learned.some((word) => part.bytes.includes(word))) {
        const element = part.element ?? parsed(part.bytes.toString('utf8'))
        for (const { resource, fullUrl } of resourcesIn(element, part.kind))
          this.#resources.learn(resource, fullUrl)
      }
    }
    for (const part of waiting) {
      await this.#part(part)
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return
    }
  }

  async #part(part: Waiting): Promise<void> {
    const text = part.bytes.toString('utf8')
    const element = part.element ?? parsed(text)
    if (!isElement(element)) {
      this.#refuse(part.where, noObject, text)
      return
    }
    const found = resourcesIn(element, part.kind)
    if (found.length === 0) {
      this.#withoutResource(element, part, text)
      return
    }
    const versionMs = headOf(element).versionMs ?? part.bundle.versionMs
    for (const { resource } of found) {
      if (part.bundle.type === 'history' && this.#isOldVersion(resource)) {
        if (this.#intake.begin(1)) this.#intake.merge(1)
        continue
      }
      await this.#resources.take(resource, {
        where: part.where,
        // Verbatim, with what the entry says around it; of a Bundle inside an entry each resource alone.
        text: () => (found.length === 1 ? text : JSON.stringify(resource)),
        keepsSource: !this.#resources.isOwnExport,
        ...(versionMs === undefined ? {} : { versionMs }),
      })
    }
  }

  /** An entry without a resource says what a server did (a deletion, a response): no record. */
  #withoutResource(element: Element, part: Waiting, text: string): void {
    if (part.kind === 'entry') {
      const address = textOf(elementOf(element['request'])['url'])
      if (part.bundle.type === 'history' && address !== undefined) this.#versions.add(address)
      return
    }
    if (element['resourceType'] === 'Bundle') return
    this.#refuse(part.where, 'it is no FHIR resource', text)
  }

  #isOldVersion(resource: Element): boolean {
    const key = `${typeName(resource)}/${textOf(resource['id']) ?? ''}`
    if (this.#versions.has(key)) return true
    this.#versions.add(key)
    return false
  }

  #refuse(where: string, reason: string, raw: string): void {
    if (this.#intake.begin(1)) this.#intake.refuse(where, reason, raw, 'REFUSED_INPUT')
  }
}

function headOf(element: unknown): BundleHead {
  if (!isElement(element)) return noBundle
  const time = readClinicalTime(textOf(element['timestamp']) ?? '')
  return {
    type: textOf(element['type']) ?? '',
    versionMs: time && time.precision === 'time' ? time.wallMs - (time.offsetMin ?? 0) * minuteMs : undefined,
  }
}

/** The JSON value; undefined where the text is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

interface Found {
  readonly resource: Element
  readonly fullUrl: string | undefined
}

/** The resource of an entry or a value; of a Bundle inside it its own entries, whatever their depth. */
function resourcesIn(element: unknown, kind: 'entry' | 'value', depth = 0): readonly Found[] {
  if (!isElement(element)) return []
  const resource = kind === 'entry' ? element['resource'] : element
  if (!isElement(resource) || typeof resource['resourceType'] !== 'string') return []
  if (resource['resourceType'] === 'Bundle' && depth < maxNesting) {
    return elementsOf(resource['entry']).flatMap((entry) => resourcesIn(entry, 'entry', depth + 1))
  }
  return [{ resource, fullUrl: kind === 'entry' ? textOf(element['fullUrl']) : undefined }]
}
