/** Apple Health: `export.zip` or `export.xml` of the iPhone's Health app. */
import type { Importer } from '../importer.ts'
import { canBeMainDocument, isMainDocument, readExport } from './read.ts'

export const appleHealth: Importer = {
  name: 'apple-health',
  title: 'Apple Health export',
  needs: 'export.zip, its unpacked folder, or the export.xml inside it',
  whereToGet: 'On the iPhone: Health app, profile picture, Export All Health Data.',
  recognises: async (name, head) => canBeMainDocument(name) && isMainDocument(await head()),
  read: readExport,
}
