/** Withings: the archive of CSV files of scales, watches, cuffs and sleep mats. */
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isWithings, readWithings } from './read.ts'
import { withingsMetrics } from './tables.ts'

export const withings: Importer = {
  name: 'withings',
  title: 'Withings (Health Mate) archive',
  needs: 'the zip of the archive, its folder, or single CSV files under their own names',
  whereToGet:
    'Withings app: profile, Settings, Download your data, Start my archive; the link comes by mail.',
  maps: withingsMetrics,
  testedWith: [
    { kind: 'real', what: '8 tables of one account, 1,656 rows' },
    { kind: 'specification', what: 'pressure, activities, days, sleep states as the archive describes them' },
  ],
  recognises: async (name, head) => /\.csv$/i.test(name) && isWithings(name, await head()),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Withings table',
      hint: 'In the Withings app: profile, Settings, Download your data.',
      recognises: withings.recognises,
      read: (member, totalBytes) => readWithings(member, totalBytes, intake),
    }),
}
