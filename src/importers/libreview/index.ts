/** FreeStyle LibreView: the glucose data that libreview.com exports as CSV. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { findColumns, readLibreView } from './read.ts'

const headerWithin = 5

export const libreview: Importer = {
  name: 'libreview',
  title: 'FreeStyle LibreView CSV export',
  needs: 'the CSV of glucose data',
  whereToGet: 'libreview.com: Glucose History, Download Glucose Data.',
  maps: ['carbohydrates', 'cgm_glucose', 'glucose', 'insulin_dose', 'ketones'],
  testedWith: [
    { kind: 'real', what: '2 exports (Libre 3, LibreLink), 61 rows' },
    {
      kind: 'specification',
      what: 'mg/dL with 12-hour clock, translated headers, strips, ketones, insulin, food',
    },
  ],
  recognises: async (_name, head) =>
    firstRows(await head(), headerWithin).some((cells) => findColumns(cells) !== undefined),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'LibreView export',
      hint: 'Download the glucose data from libreview.com and hand over the CSV as it is.',
      recognises: libreview.recognises,
      read: (member, totalBytes) => readLibreView(member, totalBytes, intake),
    }),
}
