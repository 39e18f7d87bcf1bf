/** Open mHealth data points and IEEE 1752.1 records. */
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { outerKeys } from '../json/outer-keys.ts'
import { readMembers } from '../member-chunks.ts'
import { measureNames, metricsOfMeasures } from './measures.ts'
import { readDataPoints } from './read.ts'

const measureKey = new RegExp(`"(?:${measureNames.join('|')})"\\s*:\\s*(?:\\{\\s*"(?:value|unit)"|\\d)`)

/** Keys at the outside of a data point, of its header or body alone, and of an answer of Shimmer. */
const outside: ReadonlySet<string> = new Set([
  'header',
  'body',
  'effective_time_frame',
  'schema_id',
  ...measureNames,
])

export const openMHealth: Importer = {
  name: 'open-mhealth',
  title: 'Open mHealth / IEEE 1752.1 JSON',
  needs: 'JSON or NDJSON of data points (header and body), or of bodies alone',
  whereToGet: 'From research apps and from Shimmer: their export of data points.',
  maps: metricsOfMeasures,
  testedWith: [
    { kind: 'real', what: "the schemas' own valid examples, 65 files" },
    { kind: 'specification', what: 'IEEE 1752.1 headers' },
  ],
  recognises: async (_name, head) => {
    const text = jsonHead(await head())
    if (![...outerKeys(text)].some((key) => outside.has(key))) return false
    return (
      /"effective_time_frame"\s*:/.test(text) ||
      (/"schema_id"\s*:\s*\{/.test(text) && /"namespace"\s*:/.test(text)) ||
      measureKey.test(text)
    )
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Open mHealth JSON',
      hint: 'Hand over the JSON of data points: objects with header and body.',
      recognises: openMHealth.recognises,
      read: (member, totalBytes) => readDataPoints(member, totalBytes, intake),
    }),
}
