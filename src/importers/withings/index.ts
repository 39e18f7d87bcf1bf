/** Withings: the archive of CSV files of scales, watches, cuffs and sleep mats. */
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { apiMetrics, isWithingsAnswer, readAnswer } from './api.ts'
import { isWithings, readWithings } from './read.ts'
import { withingsMetrics } from './tables.ts'

export const withings: Importer = {
  name: 'withings',
  title: 'Withings (Health Mate) archive, answers of the API',
  needs: 'the zip of the archive, its folder, or single CSV files under their own names',
  whereToGet:
    'Withings app: profile, Settings, Download your data, Start my archive; the link comes by mail.',
  maps: [...new Set([...withingsMetrics, ...apiMetrics])].sort(),
  testedWith: [
    { kind: 'real', what: '8 tables of one account, 1,656 rows; 6 answers of the API' },
    { kind: 'specification', what: 'pressure, activities, days, sleep states as the archive describes them' },
  ],
  recognises: async (name, head) => isWithings(name, await head()) || isWithingsAnswer(await head()),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Withings table',
      hint: 'In the Withings app: profile, Settings, Download your data.',
      recognises: withings.recognises,
      read: async (member, totalBytes) => {
        const isAnswer = isWithingsAnswer(await member.head())
        await (isAnswer ? readAnswer : readWithings)(member, totalBytes, intake)
      },
    }),
}
