/** Dexcom Clarity: the CSV that clarity.dexcom.com exports. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { findColumns, readClarity } from './read.ts'

const what = 'Dexcom Clarity export'

export const dexcomClarity: Importer = {
  name: 'dexcom-clarity',
  title: 'Dexcom Clarity CSV export',
  needs: 'Clarity_Export_….csv',
  whereToGet: 'clarity.dexcom.com (clarity.dexcom.eu in Europe): Reports, Export.',
  maps: ['carbohydrates', 'cgm_glucose', 'glucose', 'insulin_dose', 'workout'],
  testedWith: [
    { kind: 'real', what: '2 exports (G6 receiver, ONE+ app), 27,399 rows' },
    { kind: 'specification', what: 'mmol/L, calibrations, insulin, carbohydrates, exercise' },
  ],
  recognises: async (_name, head) =>
    firstRows(await head(), 5).some((cells) => findColumns(cells) !== undefined),
  read: (input, intake) =>
    readMembers(input, intake, {
      what,
      hint: 'Export from clarity.dexcom.com and hand over the CSV as it is.',
      recognises: dexcomClarity.recognises,
      read: (member, totalBytes) => readClarity(member, totalBytes, intake),
    }),
}
