/** OMRON connect: blood pressure and weight histories as CSV. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isOmronHeader, readOmron } from './read.ts'

const headerWithin = 10

export const omron: Importer = {
  name: 'omron',
  title: 'OMRON connect CSV export',
  needs: 'the CSV of a history (blood pressure, weight)',
  whereToGet: 'OMRON connect app: History, Export or Share, CSV.',
  maps: [
    'basal_metabolic_rate',
    'blood_pressure',
    'bmi',
    'body_fat',
    'heart_rate',
    'metabolic_age',
    'visceral_fat_rating',
    'weight',
  ],
  testedWith: [
    { kind: 'real', what: '1 blood pressure export, 29 rows' },
    { kind: 'specification', what: 'weight export, the layout of the United States' },
  ],
  recognises: async (_name, head) => firstRows(await head(), headerWithin).some(isOmronHeader),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'OMRON connect export',
      hint: 'In the OMRON connect app: History, Export, CSV.',
      recognises: omron.recognises,
      read: (member, totalBytes) => readOmron(member, totalBytes, intake),
    }),
}
