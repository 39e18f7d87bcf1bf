/** Tables of no particular program: CSV, TSV and Excel workbooks, read by a mapping of their columns. */
import { Failure } from '../../foundation/index.ts'
import { type Metric, metrics } from '../../metrics/index.ts'
import type { JsonValue } from '../../records/index.ts'
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer, InputMember } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { readTableMapping } from './mapping.ts'
import { isOwnHeader, readOwnExport } from './own-export.ts'
import { headerRows, isTableOf, isWorkbookOf, readTables } from './read.ts'

export const csv: Importer = {
  name: 'csv',
  title: 'Tables: CSV, TSV, Excel',
  needs:
    'the table and a mapping of its columns (--map NAME), which --interactive helps to write; own exports as they are',
  whereToGet: 'From any program that saves tables.',
  maps: metrics.map(({ id }: Metric) => id),
  testedWith: [
    { kind: 'real', what: '3 sleep diaries (PleesTracker, Sleepmeter)' },
    { kind: 'specification', what: 'RFC 4180 and its neighbours, SpreadsheetML' },
  ],
  isGeneric: true,
  // Of other tables nobody knows what the columns mean until a person says it.
  recognises: async (_name, head) => isOwnHeader(firstRows(await head(), 1)[0] ?? []),
  read: async (input, intake) => {
    const { mapping } = intake.options
    const own = await ownExportsOf(input.members)
    if (mapping === undefined && own.length === 0) {
      throw new Failure('USAGE', 'which column is what?', {
        hint: 'healthmate import csv FILE --interactive writes a mapping; then --map NAME uses it.',
      })
    }
    if (own.length > 0) {
      const members = mapping === undefined ? input.members : own
      await readMembers({ ...input, members }, intake, {
        what: 'CSV export of HealthMate',
        hint: 'healthmate import csv FILE --map NAME reads other tables.',
        recognises: csv.recognises,
        read: (member, totalBytes) => readOwnExport(member, totalBytes, intake),
      })
    }
    const tables = input.members.filter((member) => !own.includes(member))
    if (mapping === undefined || tables.length === 0 || intake.interrupted) return
    await readTables({ ...input, members: tables }, intake, readTableMapping(mapping))
  },
}

async function ownExportsOf(members: readonly InputMember[]): Promise<readonly InputMember[]> {
  const own: InputMember[] = []
  for (const member of members) if (await csv.recognises(member.name, member.head)) own.push(member)
  return own
}

/** The adapter of tables, which then also recognises those with the columns of a mapping. Fails with USAGE. */
export function csvWithMapping(mapping: JsonValue): Importer {
  const wanted = readTableMapping(mapping)
  return {
    ...csv,
    recognises: async (name, head) =>
      (await csv.recognises(name, head)) || isTableOf(firstRows(await head(), headerRows), wanted),
    recognisesWorkbook: (members) => isWorkbookOf(members, wanted),
  }
}
