/** Oura: JSON documents of the API v2, the account's export as JSON or CSV. */
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { ouraMetrics } from './fields.ts'
import { isOura, readOura } from './read.ts'

export const oura: Importer = {
  name: 'oura',
  title: 'Oura export (JSON, CSV)',
  needs: 'the JSON or CSV files of the account export, a zip of them, or answers of the API v2',
  whereToGet: 'cloud.ouraring.com (Membership Hub): My Account, Export Data.',
  maps: ouraMetrics,
  testedWith: [
    { kind: 'real', what: '2 documents of the API documentation' },
    { kind: 'specification', what: 'all collections of the API v2 definition, as JSON and CSV' },
  ],
  recognises: async (name, head) => /\.(json|csv|ndjson)$|^stdin$/i.test(name) && isOura(name, await head()),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'Oura file',
      hint: 'cloud.ouraring.com: My Account, Export Data.',
      recognises: oura.recognises,
      read: (member, totalBytes) => readOura(member, totalBytes, intake),
    }),
}
