/** Importers: from an exported file to blocks of observations, with an account of every source record. */
export type { ImportOptions, ImportReport, InputMember, OpenedInput } from './importer.ts'
export { openInput } from './open.ts'
export { importerByName, importers } from './registry.ts'
export { runImport } from './run.ts'
