/** Apple Health: `export.zip` or `export.xml` of the iPhone's Health app. */
import type { Importer } from '../importer.ts'
import { categoryMetrics } from './categories.ts'
import { quantityMetrics } from './quantities.ts'
import { accompanies, canBeMainDocument, isMainDocument, readExport } from './read.ts'

export const appleHealth: Importer = {
  name: 'apple-health',
  title: 'Apple Health export',
  needs: 'export.zip, its unpacked folder, or the export.xml inside it',
  whereToGet: 'On the iPhone: Health app, profile picture, Export All Health Data.',
  maps: [...new Set([...quantityMetrics, ...categoryMetrics, 'blood_pressure', 'workout'])].sort(),
  testedWith: [
    { kind: 'real', what: '11 files of 4 people, 8,094 records' },
    { kind: 'generated', what: 'exports of any size with every known defect' },
  ],
  recognises: async (name, head) => canBeMainDocument(name) && isMainDocument(await head()),
  accompanies,
  read: readExport,
}
