/** openScale: the measurements that the Android app exports as CSV. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isOpenScaleHeader, readOpenScale } from './read.ts'

export const openScale: Importer = {
  name: 'openscale',
  title: 'openScale CSV export',
  needs: 'the CSV (or the zip with photos) of a user',
  whereToGet: 'openScale app: Settings, Data management, Export CSV.',
  maps: [
    'basal_metabolic_rate',
    'bmi',
    'body_fat',
    'body_water',
    'body_water_mass',
    'bone_mass',
    'fat_mass',
    'heart_rate',
    'hip',
    'lean_mass',
    'muscle_mass',
    'neck',
    'visceral_fat_rating',
    'waist',
    'weight',
  ],
  testedWith: [{ kind: 'specification', what: 'the columns of versions 1, 2 and 3' }],
  recognises: async (_name, head) => firstRows(await head(), 2).some(isOpenScaleHeader),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'openScale export',
      hint: 'In the openScale app: Settings, Data management, Export CSV.',
      recognises: openScale.recognises,
      read: (member, totalBytes) => readOpenScale(member, totalBytes, intake),
    }),
}
