/** Reads a Samsung Health export: tables first, in an order in which each finds what it needs, then the files they name. */
import { rowText } from '../delimited/csv-rows.ts'
import { readRows } from '../delimited/member-rows.ts'
import type { InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { memberBehind } from '../json/array-within.ts'
import { jsonHead } from '../json/member-values.ts'
import { memberLabel, readMembers } from '../member-chunks.ts'
import { SamsungContext } from './context.ts'
import { readDetail } from './details.ts'
import { Columns, SamsungRow } from './row.ts'
import { keepUnmapped, rowTaker } from './rows.ts'

/** `com.samsung.shealth.sleep,6320001,17`: data type, version, number of columns. */
const firstLine = /^\uFEFF?"?(com\.samsung\.s?health\.[\w.]+)"?,\d+(,\d+)?,*\s*(\r?\n|$)/
const detailPath = /(^|\/)com\.samsung\.s?health\.[\w.]+\/(.+\/)?[^/]+\.json$/i
const detailName = /(^|\/)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w.]+\.json$/i
const longestFirstLine = 400
/** The type and the titles. */
const linesAbove = 2
const newline = 0x0a
const devicesType = 'com.samsung.health.device_profile'
const stagesType = 'com.samsung.health.sleep_stage'

/** The data type of a table; '' where it is none. */
export function dataTypeOf(head: Uint8Array): string {
  return firstLine.exec(Buffer.from(head.subarray(0, longestFirstLine)).toString('utf8'))?.[1] ?? ''
}

/** Whether a name is that of a file which rows name. */
export function isDetailName(name: string): boolean {
  return detailPath.test(name) || detailName.test(name)
}

export async function isSamsungHealth(name: string, head: () => Promise<Uint8Array>): Promise<boolean> {
  if (/\.csv$|^stdin$/i.test(name)) return dataTypeOf(await head()) !== ''
  return detailPath.test(name) && jsonHead(await head()) !== ''
}

export async function readSamsungHealth(input: OpenedInput, intake: Intake): Promise<void> {
  const details = input.members.filter(({ name }) => isDetailName(name))
  const context = new SamsungContext(intake, new Set(details.map(({ name }) => memberLabel(name))))
  const types = new Map<InputMember, string>()
  for (const member of input.members) {
    if (!isDetailName(member.name)) types.set(member, dataTypeOf(await member.head()))
  }
  const rank = (member: InputMember): number => {
    const dataType = types.get(member)
    if (dataType === undefined) return 3
    return dataType === devicesType ? 0 : dataType === stagesType ? 1 : 2
  }
  const members = [...input.members].sort((a, b) => rank(a) - rank(b))
  await readMembers({ ...input, members }, intake, {
    what: 'Samsung Health table',
    hint: 'In Samsung Health: Settings, Download personal data; then import the folder.',
    recognises: async (name, head) => isDetailName(name) || dataTypeOf(await head()) !== '',
    read: async (member, totalBytes) => {
      const dataType = dataTypeOf(await member.head())
      if (dataType === '') await readDetail(member, totalBytes, context)
      else await readTable(member, dataType, totalBytes, context)
    },
  })
}

async function readTable(
  member: InputMember,
  dataType: string,
  totalBytes: number | null,
  context: SamsungContext,
): Promise<void> {
  const head = await member.head()
  const rowsAt = endOfLine(head, endOfLine(head, 0))
  // Rows are read without the lines above them, which have other numbers of cells: csv-parse is slow on rows that differ from the first.
  const rows = memberBehind(member, head, rowsAt)
  const columns = new Columns(titlesOf(head.subarray(0, rowsAt)))
  const label = memberLabel(member.name)
  const take = rowTaker(dataType)
  const onRow = (cells: readonly string[], line: number, delimiter: string) => {
    if (cells.length === 1 && cells[0]?.trim() === '') return
    const row = new SamsungRow(columns, cells)
    const place = {
      where: () => `${label}:${line}`,
      raw: () => (take ? rowText(cells, delimiter) : row.json),
    }
    if (dataType === devicesType) context.addDevice(row)
    if (take) take(context, row, place)
    else keepUnmapped(context, dataType, row, place)
  }
  await readRows(rows, context.intake, totalBytes, onRow, { delimiter: ',', linesAbove })
}

/** Behind the line that holds a byte; the end where no line ends. */
function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(newline, from)
  return end < 0 ? bytes.length : end + 1
}

/** The second line. Titles are names without quotes and commas. */
function titlesOf(above: Uint8Array): readonly string[] {
  return (Buffer.from(above).toString('utf8').split('\n')[1] ?? '').trim().split(',')
}
