/** Reads FIT members: container, facts, then measurements; the file itself is kept whole where it is not too large. */
import { readFile, stat } from 'node:fs/promises'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { Measurements } from '../measurements.ts'
import { memberLabel } from '../member-chunks.ts'
import { withPrivateCopy } from '../private-copy.ts'
import { attachmentOf, stops, wholeMember } from '../whole-member.ts'
import { isWhose } from '../whose.ts'
import { takeActivity, takeSessions } from './activity.ts'
import { type ByteSource, FileBytes, memoryBytes, uint16At } from './bytes.ts'
import { type FitSection, type FitSlice, fitSections, isFit, joinSlices, SectionReader } from './container.ts'
import { FitContext } from './context.ts'
import type { decodeSlice, isKnownMessage } from './decode.ts'
import { FactReader, type FitFacts, factMessages } from './facts.ts'
import { takeHealth } from './health.ts'
import { Monitoring } from './monitoring.ts'

/** A day of one-second records has 5 MB; recordings of raw sensors have more: they are read, but not kept whole. */
const maxKeptBytes = 64 * 1024 * 1024
/** What the SDK decodes at once: its objects take some thirty times as much memory. */
const maxJoinedBytes = 2 * 1024 * 1024
/** Files of settings, courses and workouts hold nothing about the person's health. */
const healthless: ReadonlySet<string> = new Set([
  'device',
  'settings',
  'sport',
  'workout',
  'course',
  'schedules',
  'totals',
  'goals',
  'segment',
  'segmentList',
  'exdConfiguration',
])

/** The SDK with its profile of a megabyte, loaded with the first FIT file. */
interface Sdk {
  readonly decodeSlice: typeof decodeSlice
  readonly isKnownMessage: typeof isKnownMessage
}

export async function readFit(input: OpenedInput, intake: Intake): Promise<void> {
  const measurements = new Measurements(intake)
  for (const member of input.members) {
    if (isFit(await member.head())) await readMember(member, input.totalBytes, intake, measurements)
    else intake.note(`${member.name.slice(0, 100)} is not read: it is no FIT file`)
    if (intake.full) intake.flush()
    if (stops(intake)) return
  }
}

async function readMember(
  member: InputMember,
  totalBytes: number | null,
  intake: Intake,
  measurements: Measurements,
): Promise<void> {
  const sdk: Sdk = await import('./decode.ts')
  const base = { sdk, intake, measurements }
  if (member.size !== null && member.size <= maxKeptBytes) {
    const bytes = await wholeMember(member, maxKeptBytes, intake, totalBytes)
    if (bytes) readKept(base, member.name, bytes)
    return
  }
  await withPrivateCopy(member, intake, totalBytes, async (path) => {
    const { size } = await stat(path)
    if (size <= maxKeptBytes) readKept(base, member.name, new Uint8Array(await readFile(path)))
    else readLarge(base, member.name, path)
  })
}

/** Reads a file and keeps it whole beside its measurements. */
function readKept(base: Omit<Base, 'bytes'>, name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const holdsHealth = readRecordings({ ...base, bytes: memoryBytes(bytes) }, name)
  // Of a file that was not read to its end the second run says whether to keep it.
  if (holdsHealth && !base.intake.interrupted && base.intake.begin(0)) {
    base.intake.attach('activity-file', attachmentOf(name, 'application/vnd.ant.fit', bytes))
  }
}

/** Reads a file that is too large to be kept whole, from its place on disk. */
function readLarge(base: Omit<Base, 'bytes'>, name: string, path: string): void {
  const bytes = new FileBytes(path)
  try {
    const holdsHealth = readRecordings({ ...base, bytes }, name)
    if (holdsHealth && !base.intake.interrupted) {
      base.intake.note(
        'a FIT file above 64 MB was read, but is not kept whole: keep it yourself if you need what no metric fits',
      )
    }
  } finally {
    bytes.close()
  }
}

/** Reads all recordings of a file; whether any holds something about health. */
function readRecordings(base: Base, name: string): boolean {
  let holdsHealth = false
  for (const recording of recordings(base, memberLabel(name))) {
    if (base.intake.interrupted) break
    if (readRecording(recording)) holdsHealth = true
  }
  return holdsHealth
}

interface Base {
  readonly bytes: ByteSource
  readonly sdk: Sdk
  readonly intake: Intake
  readonly measurements: Measurements
}

/** A FIT file with the parts that continue it. */
interface Recording extends Base {
  readonly facts: FitFacts
  readonly sections: readonly FitSection[]
  readonly where: string
}

function recordings(base: Base, label: string): readonly Recording[] {
  const found: { facts: FitFacts; sections: FitSection[] }[] = []
  for (const section of fitSections(base.bytes)) {
    const facts = readFacts(base, section)
    const last = found.at(-1)
    if (last && !facts.hasFileId) last.sections.push(section)
    else found.push({ facts, sections: [section] })
  }
  return found.map((one, index) => ({
    ...base,
    ...one,
    where: found.length > 1 ? `${label}#${index + 1}` : label,
  }))
}

function readFacts({ bytes, sdk }: Base, section: FitSection): FitFacts {
  const reader = new SectionReader(bytes, section, (message) => factMessages.has(message))
  const facts = new FactReader()
  for (const slice of reader.slices()) facts.add(sdk.decodeSlice(slice).messages)
  return facts.facts()
}

/** Reads one recording; whether it holds anything about health. */
function readRecording(recording: Recording): boolean {
  const { intake, measurements, where, sdk, facts, bytes, sections } = recording
  if (healthless.has(facts.fileType)) {
    intake.note(`a FIT file of type "${facts.fileType}" was not read: it holds no measurements`)
    return false
  }
  const isOfOthers = holdsOnlyOthers(facts, intake.options.whose)
  if (facts.sex !== null && !isOfOthers) intake.offer({ field: 'sex', value: facts.sex, where })
  const context = new FitContext(intake, measurements, facts, where)
  const monitoring = new Monitoring(context)
  takeSessions(context, facts.sessionMessages)
  const readers = sections.map((section) => new SectionReader(bytes, section, sdk.isKnownMessage))
  for (const slice of slicesOf(readers, sections)) {
    const { messages, lost } = sdk.decodeSlice(slice)
    if (lost > 0) damaged(intake, where, `${lost} damaged messages were left out`)
    takeActivity(context, messages)
    monitoring.take(messages)
    takeHealth(context, messages)
    if (intake.full) intake.flush()
    if (stops(intake)) return true
  }
  for (const [index, section] of sections.entries())
    tellDamage(recording, section, readers[index]?.fault ?? '')
  return !isOfOthers
}

/** Whether what a scale or cuff wrote is of nobody that `--whose` means. */
function holdsOnlyOthers({ people }: FitFacts, whose: string | undefined): boolean {
  if (whose === undefined || people.size === 0) return false
  return [...people].every(([key, name]) => key !== undefined && !isWhose(whose, [String(key), name]))
}

/** Parts that belong together are decoded at once where they are small. */
function* slicesOf(readers: readonly SectionReader[], sections: readonly FitSection[]): Generator<FitSlice> {
  const length = sections.reduce((sum, { dataStart, dataEnd }) => sum + dataEnd - dataStart, 0)
  if (length <= maxJoinedBytes) {
    yield* joinSlices(
      readers.flatMap((reader) => [...reader.slices()]),
      2 * maxJoinedBytes,
    )
  } else for (const reader of readers) yield* reader.slices()
}

function tellDamage({ bytes, intake, where }: Recording, section: FitSection, fault: string): void {
  if (fault !== '') damaged(intake, where, `${fault}; what comes before was read`)
  else if (section.isCutShort) damaged(intake, where, 'the file ends too early; what is there was read')
  else if (section.crcAt === null)
    damaged(intake, where, 'the file ends inside its checksum; all messages were read')
  else if (!hasRightChecksum(bytes, section, section.crcAt)) {
    intake.note(`${where}: the checksum is wrong, the messages were read all the same`)
  }
}

function damaged(intake: Intake, where: string, reason: string): void {
  intake.complain({ where, reason, raw: '', code: 'REFUSED_INPUT' })
}

/** CRC-16 with the reflected polynomial 0xA001 over header and data (FIT protocol, CRC). */
function hasRightChecksum(bytes: ByteSource, { start }: FitSection, end: number): boolean {
  let crc = 0
  for (let i = start; i < end; i++)
    crc = (crc >> 8) ^ (crcTable[(crc ^ (bytes.at(i) as number)) & 0xff] as number)
  return crc === uint16At(bytes, end, true)
}

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ 0xa001 : crc >> 1
  return crc
})
