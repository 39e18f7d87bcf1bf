/** Tables of no particular program: CSV, TSV and Excel workbooks, read by a mapping of their columns. */
import { Failure } from '../../foundation/index.ts'
import { type Metric, metrics } from '../../metrics/index.ts'
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer, InputMember } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { readTableMapping } from './mapping.ts'
import { isOwnHeader, readOwnExport } from './own-export.ts'
import { readTables } from './read.ts'

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
    if (mapping === undefined && (await anyIsOwn(input.members))) {
      await readMembers(input, intake, {
        what: 'CSV export of HealthMate',
        hint: 'healthmate import csv FILE --map NAME reads other tables.',
        recognises: csv.recognises,
        read: (member, totalBytes) => readOwnExport(member, totalBytes, intake),
      })
      return
    }
    if (mapping === undefined) {
      throw new Failure('USAGE', 'which column is what?', {
        hint: 'healthmate import csv FILE --interactive writes a mapping; then --map NAME uses it.',
      })
    }
    await readTables(input, intake, readTableMapping(mapping))
  },
}

async function anyIsOwn(members: readonly InputMember[]): Promise<boolean> {
  for (const { name, head } of members) if (await csv.recognises(name, head)) return true
  return false
}
