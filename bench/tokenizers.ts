/**
 * What reads the bytes of an export and does nothing else: the least that any import costs. Libraries where there are
 * some, with the settings of the import; else the program's own cutter (JSON values, HL7 messages).
 */
import { Decoder, Stream } from '@garmin/fitsdk'
import Database from 'better-sqlite3'
import Papa from 'papaparse'
import { SaxesParser } from 'saxes'
import { MessageReader } from '../src/importers/hl7v2/segments.ts'
import type { InputMember, OpenedInput } from '../src/importers/index.ts'
import { JsonSplitter } from '../src/importers/json/splitter.ts'

export type Tokenizer =
  | { readonly kind: 'csv' | 'json' | 'fit' | 'sqlite' | 'hl7v2' }
  /** Counts elements of these names; `members` ends the names of the files that are read. */
  | { readonly kind: 'xml'; readonly elements: readonly string[]; readonly members?: string }

/** What the baseline of a row is, in words. */
export const tokenizerTitles: Readonly<Record<Tokenizer['kind'], string>> = {
  csv: 'papaparse',
  json: 'the JSON splitter and JSON.parse',
  xml: 'saxes',
  fit: 'the decoder of @garmin/fitsdk',
  sqlite: 'all rows by better-sqlite3',
  hl7v2: 'the cutter of HL7 messages',
}

/** Reads all members; returns how many rows, values, elements or messages there were. */
export async function tokenize(tokenizer: Tokenizer, input: OpenedInput, path: string): Promise<number> {
  if (tokenizer.kind === 'sqlite') return databaseRows(path)
  let count = 0
  for (const member of input.members) {
    if (tokenizer.kind !== 'xml') count += await counters[tokenizer.kind](member)
    else if (member.name.endsWith(tokenizer.members ?? ''))
      count += await xmlElements(member, new Set(tokenizer.elements))
  }
  return count
}

const counters = { csv: csvRows, json: jsonValues, fit: fitMessages, hl7v2: messages } as const

async function csvRows(member: InputMember): Promise<number> {
  const head = Buffer.from(await member.head())
  const parser = () =>
    new Papa.Parser({
      delimiter: head.includes(';') ? ';' : ',',
      newline: head.includes('\r\n') ? '\r\n' : '\n',
    })
  const decoder = new TextDecoder()
  let rows = 0
  let begun = ''
  for await (const chunk of member.stream()) {
    const text = begun + decoder.decode(chunk, { stream: true })
    const parsed: Papa.ParseResult<string[]> = parser().parse(text, 0, true)
    rows += parsed.data.length
    begun = text.slice(parsed.meta.cursor)
  }
  return begun === '' ? rows : rows + 1
}

async function jsonValues(member: InputMember): Promise<number> {
  let values = 0
  const splitter = new JsonSplitter({
    value: (text) => {
      JSON.parse(text)
      values++
    },
    refused: (line, reason) => {
      throw new Error(`line ${line}: ${reason}`)
    },
  })
  for await (const chunk of member.stream()) splitter.push(chunk)
  splitter.finish()
  return values
}

async function xmlElements(member: InputMember, counted: ReadonlySet<string>): Promise<number> {
  let elements = 0
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    if (counted.has(name)) elements++
  })
  parser.on('error', (error) => {
    throw error
  })
  const decoder = new TextDecoder()
  for await (const chunk of member.stream()) parser.write(decoder.decode(chunk, { stream: true }))
  parser.close()
  return elements
}

async function fitMessages(member: InputMember): Promise<number> {
  const chunks: Uint8Array[] = []
  for await (const chunk of member.stream()) chunks.push(chunk)
  const { messages: lists } = new Decoder(Stream.fromBuffer(Buffer.concat(chunks))).read()
  return Object.values(lists).reduce((sum, list) => sum + (list as readonly unknown[]).length, 0)
}

function databaseRows(path: string): number {
  const database = new Database(path, { readonly: true })
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[]
  let rows = 0
  for (const table of tables) for (const _ of database.prepare(`SELECT * FROM ${table}`).iterate()) rows++
  database.close()
  return rows
}

async function messages(member: InputMember): Promise<number> {
  let count = 0
  const reader = new MessageReader({
    message: () => {
      count++
    },
    refused: (reason, line) => {
      throw new Error(`line ${line}: ${reason}`)
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of member.stream()) reader.push(decoder.decode(chunk, { stream: true }))
  reader.finish()
  return count
}
