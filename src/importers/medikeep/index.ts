/** MediKeep: the export of a patient's record as JSON or CSV. */
import { headText } from '../delimited/text.ts'
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { readMembers } from '../member-chunks.ts'
import { readMediKeep, readMediKeepTables } from './read.ts'
import { metricsOfVitals } from './vitals.ts'

export const mediKeep: Importer = {
  name: 'medikeep',
  title: 'MediKeep record export',
  needs: 'the export as JSON (or as CSV, which has days only)',
  whereToGet: 'MediKeep: Export, format JSON, scope all.',
  maps: [...metricsOfVitals, 'allergy', 'condition', 'immunization', 'medication', 'procedure'],
  testedWith: [{ kind: 'specification', what: 'the JSON and CSV of its export service' }],
  recognises: async (_name, head) => {
    const bytes = await head()
    const text = jsonHead(bytes)
    if (text !== '') return /"export_metadata"\s*:/.test(text) && /"(?:scope|unit_system)"\s*:/.test(text)
    return /^# (?:PATIENT INFORMATION|(?:VITALS|MEDICATIONS|ALLERGIES|CONDITIONS|IMMUNIZATIONS|LAB RESULTS|PROCEDURES)(?: DATA)?)\r?$/m.test(
      headText(bytes),
    )
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'MediKeep export',
      hint: 'In MediKeep: Export, format JSON.',
      recognises: mediKeep.recognises,
      read: async (member, totalBytes) => {
        const isJson = jsonHead(await member.head()) !== ''
        await (isJson ? readMediKeep : readMediKeepTables)(member, totalBytes, intake)
      },
    }),
}
