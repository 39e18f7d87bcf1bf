/** openScale: the measurements that the Android app exports as CSV, and its database. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { readMembers } from '../member-chunks.ts'
import { isDatabase } from '../sqlite-copy.ts'
import { hasScaleTables, readScaleDatabase } from './database.ts'
import { isOpenScaleHeader, readOpenScale } from './read.ts'

export const openScale: Importer = {
  name: 'openscale',
  title: 'openScale export (CSV, database)',
  needs: 'the CSV (or the zip with photos) of a user, or the backup (openScale.db, or the zip of it)',
  whereToGet: 'openScale app: Settings, Data management, Export CSV (or Backup).',
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
  testedWith: [
    { kind: 'specification', what: 'the columns of versions 1, 2 and 3, and databases of schemas 6 and 18' },
  ],
  recognises: async (_name, head) => {
    const bytes = await head()
    return isDatabase(bytes) ? hasScaleTables(bytes) : firstRows(bytes, 2).some(isOpenScaleHeader)
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'openScale export',
      hint: 'In the openScale app: Settings, Data management, Export CSV.',
      recognises: openScale.recognises,
      read: async (member, totalBytes) => {
        const isBase = isDatabase(await member.head())
        await (isBase ? readScaleDatabase : readOpenScale)(member, totalBytes, intake)
      },
    }),
}
