/** Gadgetbridge: the database that the app exports, or a table of it saved as CSV. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isDatabase } from '../sqlite-copy.ts'
import { isSampleHeader, readSamples, readSampleTable } from './read.ts'
import { metricsOfSamples } from './samples.ts'

export const gadgetbridge: Importer = {
  name: 'gadgetbridge',
  title: 'Gadgetbridge database',
  needs: 'the exported database (Gadgetbridge, Gadgetbridge.db, or the zip), or a table of it as CSV',
  whereToGet: 'Gadgetbridge: Data management, Export DB (or Export ZIP).',
  maps: metricsOfSamples,
  testedWith: [{ kind: 'specification', what: "databases with the tables of the app's own schema" }],
  recognises: async (_name, head) => {
    const bytes = await head()
    if (!isDatabase(bytes)) return isSampleHeader(firstRows(bytes, 1)[0] ?? [])
    const text = Buffer.from(bytes).toString('latin1')
    return /_ACTIVITY_SAMPLE\b|BASE_ACTIVITY_SUMMARY\b|_STRESS_SAMPLE\b/.test(text)
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Gadgetbridge database',
      hint: 'In Gadgetbridge: Data management, Export DB.',
      recognises: gadgetbridge.recognises,
      read: async (member, totalBytes) => {
        const isBase = isDatabase(await member.head())
        await (isBase ? readSamples : readSampleTable)(member, totalBytes, intake)
      },
    }),
}
