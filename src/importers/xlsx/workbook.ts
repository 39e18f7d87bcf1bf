/**
 * Rows of an Excel workbook (ECMA-376 part 1, SpreadsheetML). A workbook is a zip, so it arrives as members that the zip
 * guards have judged; sheets are streamed, only the shared texts are held.
 *
 * A cell becomes the text that a CSV would have: numbers as written, dates as `2026-01-05 08:00:00`, formulas by their
 * cached result. Of rich text the runs are joined.
 */
import { SaxesParser } from 'saxes'
import type { InputMember } from '../importer.ts'
import { isDateFormat, serialText } from './dates.ts'

/** Characters of all shared texts together. */
const maxSharedLength = 64 * 1024 * 1024
const maxColumns = 16_384
/** Files inside that are read whole: lists of sheets and formats. */
const maxPartBytes = 16 * 1024 * 1024

export interface Sheet {
  readonly name: string
  readonly member: InputMember
}

export interface Workbook {
  readonly sheets: readonly Sheet[]
  readonly shared: readonly string[]
  /** By index of a cell's style: whether its number is a date. */
  readonly isDateStyle: readonly boolean[]
  readonly is1904: boolean
}

/** Path of the list of sheets inside the zip. */
export const workbookPart = 'xl/workbook.xml'

/** Whether a member belongs to a workbook. */
export function isWorkbookPart(name: string): boolean {
  return /^(?:xl\/|_rels\/|docProps\/|customXml\/|\[Content_Types\]\.xml$)/.test(name)
}

/** Reads what the sheets need from the members of one workbook. */
export async function openWorkbook(members: readonly InputMember[]): Promise<Workbook> {
  const byName = new Map(members.map((member) => [member.name, member]))
  const targets = new Map<string, string>()
  await parsePart(byName.get('xl/_rels/workbook.xml.rels'), {
    open: (name, attributes) => {
      if (name === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
    },
  })
  const sheets: Sheet[] = []
  let is1904 = false
  await parsePart(byName.get(workbookPart), {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (name !== 'sheet') return
      const target = targets.get(attributes['r:id'] ?? '') ?? ''
      const member = byName.get(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
      if (member) sheets.push({ name: attributes['name'] ?? '', member })
    },
  })
  return {
    sheets,
    shared: await sharedTexts(byName.get('xl/sharedStrings.xml')),
    isDateStyle: await dateStyles(byName.get('xl/styles.xml')),
    is1904,
  }
}

async function sharedTexts(member: InputMember | undefined): Promise<string[]> {
  const texts: string[] = []
  let text = ''
  let length = 0
  let isPhonetic = false
  await parsePart(
    member,
    {
      open: (name) => {
        if (name === 'si') text = ''
        if (name === 'rPh') isPhonetic = true
      },
      close: (name) => {
        if (name === 'rPh') isPhonetic = false
        if (name !== 'si') return
        length += text.length
        texts.push(length > maxSharedLength ? '' : text)
      },
      text: (piece, inside) => {
        if (inside === 't' && !isPhonetic && text.length < maxSharedLength) text += piece
      },
    },
    Number.POSITIVE_INFINITY,
  )
  return texts
}

async function dateStyles(member: InputMember | undefined): Promise<boolean[]> {
  const formats = new Map<number, string>()
  const styles: boolean[] = []
  let isCellFormats = false
  await parsePart(member, {
    open: (name, attributes) => {
      const id = Number(attributes['numFmtId'])
      if (name === 'numFmt') formats.set(id, attributes['formatCode'] ?? '')
      else if (name === 'cellXfs') isCellFormats = true
      else if (name === 'xf' && isCellFormats) styles.push(isDateFormat(id, formats.get(id)))
    },
    close: (name) => {
      if (name === 'cellXfs') isCellFormats = false
    },
  })
  return styles
}

/** Takes a row: its cells, its number, and which cells are numbers (not texts that read as such). */
type TakeSheetRow = (cells: readonly string[], number: number, numeric: readonly boolean[]) => void

/** Reads the rows of a sheet in order. `chunks` are the bytes of its member. */
export async function readSheet(
  workbook: Workbook,
  chunks: AsyncIterable<Uint8Array>,
  row: TakeSheetRow,
): Promise<void> {
  const reader = new SheetReader(workbook, row)
  await parseChunks(chunks, reader, Number.POSITIVE_INFINITY)
}

class SheetReader implements PartHandler {
  readonly #workbook: Workbook
  readonly #row: TakeSheetRow
  #cells: string[] = []
  #numeric: boolean[] = []
  #number = 0
  #column = 0
  #type = ''
  #style = 0
  #value = ''

  constructor(workbook: Workbook, row: TakeSheetRow) {
    this.#workbook = workbook
    this.#row = row
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#cells = []
      this.#numeric = []
      const stated = Number(attributes['r'])
      this.#number = Number.isInteger(stated) && stated > this.#number ? stated : this.#number + 1
    } else if (name === 'c') {
      const stated = columnOf(attributes['r'] ?? '')
      this.#column = stated >= 0 ? stated : this.#cells.length
      this.#type = attributes['t'] ?? 'n'
      this.#style = Number(attributes['s'] ?? 0)
      this.#value = ''
    }
  }

  text(piece: string, inside: string): void {
    if (inside === 'v' || (inside === 't' && this.#type === 'inlineStr')) this.#value += piece
  }

  close(name: string): void {
    if (name === 'row') this.#row(this.#cells, this.#number, this.#numeric)
    if (name !== 'c' || this.#column >= maxColumns) return
    while (this.#cells.length < this.#column) this.#cells.push('')
    this.#cells[this.#column] = this.#cellText()
    if (this.#type === 'n') this.#numeric[this.#column] = true
  }

  #cellText(): string {
    const value = this.#value
    if (this.#type === 's') return this.#workbook.shared[Number(value)] ?? ''
    if (this.#type === 'b') return value === '1' ? 'true' : 'false'
    if (this.#type === 'e') return ''
    if (this.#type !== 'n' || value === '' || this.#workbook.isDateStyle[this.#style] !== true) return value
    return serialText(Number(value), this.#workbook.is1904)
  }
}

/** `C7` → 2; -1 where there is no letter. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

interface PartHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  close?(name: string): void
  text?(piece: string, inside: string): void
}

async function parsePart(
  member: InputMember | undefined,
  handler: PartHandler,
  limit = maxPartBytes,
): Promise<void> {
  if (member) await parseChunks(member.stream(), handler, limit)
}

/** Tokenizes until the first fault: what came before it counts. */
async function parseChunks(
  chunks: AsyncIterable<Uint8Array>,
  handler: PartHandler,
  limit: number,
): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: false })
  const open: string[] = []
  let isBroken = false
  parser.on('error', () => {
    isBroken = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    const local = localName(name)
    open.push(local)
    if (!isBroken) handler.open(local, attributes as Readonly<Record<string, string>>)
  })
  parser.on('closetag', () => {
    const local = open.pop()
    if (local !== undefined && !isBroken) handler.close?.(local)
  })
  parser.on('text', (piece) => {
    const inside = open.at(-1)
    if (inside !== undefined && !isBroken) handler.text?.(piece, inside)
  })
  const decoder = new TextDecoder()
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (isBroken || length > limit) return
    parser.write(decoder.decode(chunk, { stream: true }))
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
