/** Importers: from an exported file to blocks of observations, with an account of every source record. */
export type {
  Importer,
  ImportOptions,
  ImportProgress,
  ImportReport,
  InputMember,
  OpenedInput,
  ProfileOffer,
} from './importer.ts'
export { type OpenOptions, openInput } from './open.ts'
export { detectImporter, importerByName, importers } from './registry.ts'
export { type ImportRun, runImport } from './run.ts'
