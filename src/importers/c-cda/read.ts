/** Reads C-CDA documents, entry by entry; each document is kept whole beside what is mapped. */
import type { Element } from '../../fhir/index.ts'
import { Failure, minuteMs } from '../../foundation/index.ts'
import { keepingOf, type Place } from '../clinical/place.ts'
import { ResourceIntake } from '../clinical/resource-intake.ts'
import { readClinicalTime } from '../clinical/time.ts'
import { asUtf8 } from '../encoding.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { attachmentOf, Collector, stops } from '../whole-member.ts'
import {
  attributeOf,
  child,
  childrenOf,
  descendant,
  sourceInside,
  TreeReader,
  type XmlItem,
  type XmlNode,
} from '../xml/tree-reader.ts'
import { elementWith, isNull, type Narrative, narrativeOf, timeOf } from './data-types.ts'
import { rewritten } from './statements.ts'
import { type Statement, statementsIn } from './templates.ts'

/** A document above this is not kept whole; then every statement is kept with its own text. */
const maxKeptBytes = 32 * 1024 * 1024
const clinicalDocument = /<(\w+:)?ClinicalDocument[\s>]/
const fragment = /<(\w+:)?(section|entry)[\s>]/
const templates = /2\.16\.840\.1\.113883\.10\.20\./

/** Whether a file that begins like this is a CDA document, or a piece of one. */
export function isCda(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('utf8')
  if (
    !text
      .replace(/^\ufeff/, '')
      .trimStart()
      .startsWith('<')
  )
    return false
  return clinicalDocument.test(text) || (fragment.test(text) && templates.test(text))
}

export async function readCda(input: OpenedInput, intake: Intake): Promise<void> {
  const reader = new CdaReader(intake)
  for (const member of input.members) {
    if (!isCda(await member.head())) {
      intake.note('a file that is no C-CDA document was passed over')
      continue
    }
    await reader.document(member, input.totalBytes)
    if (intake.interrupted) return
  }
  reader.settle()
}

const labels: Readonly<Record<Statement, string>> = {
  allergy: 'AllergyIntolerance',
  problem: 'Condition',
  medication: 'Medication',
  immunization: 'Immunization',
  procedure: 'Procedure',
  result: 'Observation',
  vital: 'Observation',
  panel: 'DiagnosticReport',
  social: 'Observation',
  smoking: 'Observation',
  family: 'FamilyMemberHistory',
  encounter: 'Encounter',
  goal: 'Goal',
  device: 'Device',
  coverage: 'Coverage',
}

class CdaReader {
  readonly #intake: Intake
  readonly #resources: ResourceIntake
  #narratives = new WeakMap<XmlNode, Narrative>()

  constructor(intake: Intake) {
    this.#intake = intake
    this.#resources = new ResourceIntake(intake)
  }

  settle(): void {
    this.#resources.settle()
  }

  async document(member: InputMember, totalBytes: number | null): Promise<void> {
    const label = member.name.split('/').at(-1) ?? member.name
    const isKept = member.size === null || member.size <= maxKeptBytes
    const collector = new Collector(isKept ? maxKeptBytes : 0)
    const waiting: XmlItem[] = []
    const reader = new TreeReader({
      isItem: (name) => name === 'entry' || name === 'section' || name === 'nonXMLBody',
      isTextless: (name) => name === 'section',
      onItem: (item) => waiting.push(item),
    })
    const decoder = new TextDecoder()
    const state: DocumentState = { label, isKept, met: false, versionMs: undefined, reader }
    try {
      for await (const chunk of asUtf8(member.stream())) {
        collector.add(chunk)
        reader.push(decoder.decode(chunk, { stream: true }))
        this.#intake.progress(chunk.length, totalBytes)
        await this.#take(waiting, state)
        if (this.#intake.interrupted) return
      }
    } catch (cause) {
      if (!(cause instanceof Failure) || cause.code !== 'REFUSED_INPUT') throw cause
      this.#intake.complain({ where: label, reason: cause.message, raw: '', code: cause.code })
    }
    reader.push(decoder.decode())
    reader.finish()
    await this.#take(waiting, state)
    if (reader.damage !== '') {
      this.#intake.complain({ where: label, reason: reader.damage, raw: '', code: 'REFUSED_INPUT' })
    }
    this.#keepWhole(member, collector)
  }

  #keepWhole(member: InputMember, collector: Collector): void {
    const bytes = collector.bytes()
    if (!this.#intake.begin(0)) return
    if (bytes === null) this.#intake.note('a document was too large to be kept whole')
    else this.#intake.attach('document', attachmentOf(member.name, 'application/xml', bytes))
  }

  async #take(waiting: XmlItem[], state: DocumentState): Promise<void> {
    for (const item of waiting.splice(0)) {
      this.#meet(state)
      if (item.node.name === 'entry') await this.#entry(item, state)
      else if (item.node.name === 'nonXMLBody') this.#body(item, state)
      if (this.#intake.full) this.#intake.flush()
      if (stops(this.#intake)) return
    }
  }

  async #entry(item: XmlItem, state: DocumentState): Promise<void> {
    const { node, damage } = item
    const place = (at: XmlNode): Place => {
      const text = sourceInside(item, at)
      return {
        where: `${state.label}:${at.line}`,
        text: () => text,
        ...keepingOf(text, state.isKept),
        ...(state.versionMs === undefined ? {} : { versionMs: state.versionMs }),
      }
    }
    if (damage !== '') {
      if (this.#intake.begin(1)) this.#intake.refuse(place(node).where, damage, item.source, 'REFUSED_INPUT')
      return
    }
    const narrative = this.#narrativeOf(node.parent)
    const statements = statementsIn(node)
    if (statements.length === 0) this.#resources.keep(`entry of ${sectionName(node.parent)}`, place(node))
    for (const statement of statements) {
      const resource = rewritten(statement.node, statement.kind, narrative)
      const label = labels[statement.kind]
      if (typeof resource === 'string') this.#resources.keep(`${label} (${resource})`, place(statement.node))
      else {
        const subject = { reference: patientName(state.label) }
        const result = identifierOf(statement.node)
        await this.#resources.take(
          { ...resource, subject },
          {
            ...place(statement.node),
            ...(result === undefined ? {} : { result: { kind: 'statement' as const, name: result } }),
          },
        )
      }
    }
  }

  /** A body that is no XML: the document that was scanned or printed. */
  #body(item: XmlItem, state: DocumentState): void {
    const text = child(item.node, 'text')
    const data = text?.text.replace(/\s+/g, '') ?? ''
    const where = `${state.label}:${item.node.line}`
    const isBase64 = attributeOf(text, 'representation') === 'B64' && data !== ''
    if (!this.#intake.begin(0)) return
    if (item.damage !== '' || !isBase64) {
      const reason = item.damage || 'its content is not in the file'
      this.#intake.complain({ where, reason, raw: item.source.slice(0, 200), code: 'REFUSED_INPUT' })
      return
    }
    const type = attributeOf(text, 'mediaType') ?? 'application/octet-stream'
    const extension = /^[\w.+-]+\/([\w]+)/.exec(type)?.[1] ?? 'bin'
    const bytes = new Uint8Array(Buffer.from(data, 'base64'))
    this.#intake.attach('document', attachmentOf(`${state.label}.${extension}`, type, bytes))
  }

  /** The head of the document: whose it is and when it was made. Read once, when its first item is complete. */
  #meet(state: DocumentState): void {
    if (state.met) return
    state.met = true
    const root = state.reader.roots.find(({ name }) => name === 'ClinicalDocument')
    const time = readClinicalTime(timeOf(child(root, 'effectiveTime')) ?? '')
    if (time) state.versionMs = time.wallMs - (time.offsetMin ?? 0) * minuteMs
    const role = descendant(root, 'recordTarget', 'patientRole')
    if (role) {
      this.#resources.meet(patientOf(role), patientName(state.label), `${state.label}:${role.line}`)
    }
  }

  #narrativeOf(section: XmlNode | null): Narrative {
    if (section === null) return new Map()
    const known = this.#narratives.get(section)
    if (known) return known
    const narrative = narrativeOf(section)
    this.#narratives.set(section, narrative)
    return narrative
  }
}

interface DocumentState {
  readonly label: string
  readonly isKept: boolean
  readonly reader: TreeReader
  met: boolean
  versionMs: number | undefined
}

/** `id` of a statement, the same in every document of its source; one with a nullFlavor names nothing. */
function identifierOf(node: XmlNode): string | undefined {
  const id = childrenOf(node, 'id').find((one) => !isNull(one) && attributeOf(one, 'root') !== undefined)
  return id && [attributeOf(id, 'root'), attributeOf(id, 'extension')].filter(Boolean).join(' ')
}

function patientName(label: string): string {
  return `Patient of ${label}`
}

const genders: Readonly<Record<string, string>> = { F: 'female', M: 'male', UN: 'other' }

function patientOf(role: XmlNode): Element {
  const patient = child(role, 'patient')
  const family = descendant(patient, 'name', 'family')?.text.trim()
  return elementWith({
    resourceType: 'Patient',
    birthDate: timeOf(child(patient, 'birthTime'))?.slice(0, 10),
    gender: genders[attributeOf(child(patient, 'administrativeGenderCode'), 'code') ?? ''],
    name: family ? [{ family }] : undefined,
  })
}

/** The section's title, or its LOINC code. */
function sectionName(section: XmlNode | null): string {
  const code = child(section ?? undefined, 'code')
  const name = attributeOf(code, 'code') ?? child(section ?? undefined, 'title')?.text.trim() ?? ''
  return name === '' ? 'a section' : name.slice(0, 60)
}
