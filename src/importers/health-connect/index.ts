/** Health Connect: the database that Android exports. */
import { sportMetricIds } from '../activity-sports.ts'
import { clinicalMaps } from '../clinical/maps.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isDatabase } from '../sqlite-copy.ts'
import { readExport } from './read.ts'
import { metricsOfTables } from './tables.ts'

export const healthConnect: Importer = {
  name: 'health-connect',
  title: 'Health Connect export (Android)',
  needs: 'the zip of the export (Health Connect.zip), or health_connect_export.db in it',
  whereToGet: 'Android: Settings, Health Connect, Backup and restore, Export data.',
  /** Apps can give medical records too: FHIR resources. */
  get maps() {
    return [...new Set([...metricsOfTables(sportMetricIds), ...clinicalMaps()])]
  },
  testedWith: [{ kind: 'specification', what: "databases with the tables of Android's own source" }],
  recognises: async (_name, head) => {
    const bytes = await head()
    if (!isDatabase(bytes)) return false
    const text = Buffer.from(bytes).toString('latin1')
    return (
      /record_table\b|RecordTable\b/.test(text) && /\bapplication_info_table\b|\bdedupe_hash\b/.test(text)
    )
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Health Connect export',
      hint: 'Android: Settings, Health Connect, Backup and restore, Export data.',
      recognises: healthConnect.recognises,
      read: (member, totalBytes) => readExport(member, totalBytes, intake),
    }),
}
