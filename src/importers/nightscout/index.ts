/** Nightscout: entries and treatments, as its API and its database tools write them. */
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { readMembers } from '../member-chunks.ts'
import { readNightscout } from './read.ts'

/** Keys that only Nightscout's collections have; `created_at` and `eventType` stand in every treatment. */
const entryKey = /"(?:sgv|mbg)"\s*:/
const treatmentKeys = [/"eventType"\s*:/, /"(?:created_at|enteredBy|utcOffset)"\s*:/] as const
const statusKeys = [/"(?:uploaderBattery|openaps|pump|loop)"\s*:/, /"created_at"\s*:/] as const

export const nightscout: Importer = {
  name: 'nightscout',
  title: 'Nightscout entries and treatments',
  needs: 'JSON of /api/v1/entries.json and /api/v1/treatments.json, or a database dump of them',
  whereToGet: 'https://YOUR-SITE/api/v1/entries.json?count=100000 and …/treatments.json?count=100000.',
  maps: ['carbohydrates', 'cgm_glucose', 'glucose', 'insulin_dose', 'workout'],
  testedWith: [{ kind: 'specification', what: 'API versions 1 and 3, dumps of mongoexport' }],
  recognises: async (_name, head) => {
    const text = jsonHead(await head())
    return (
      entryKey.test(text) ||
      treatmentKeys.every((key) => key.test(text)) ||
      statusKeys.every((key) => key.test(text))
    )
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Nightscout JSON',
      hint: 'Save https://YOUR-SITE/api/v1/entries.json?count=100000 and import the file.',
      recognises: nightscout.recognises,
      read: (member, totalBytes) => readNightscout(member, totalBytes, intake),
    }),
}
