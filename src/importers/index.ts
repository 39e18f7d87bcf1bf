/** Importers: from an exported file to blocks of observations, with an account of every source record. */
export { type ColumnAnswer, mappingFrom, type TableAnswers } from './csv/answers.ts'
export type { ColumnGuess, ColumnRole, TableGuess } from './csv/guess.ts'
export { guessInput } from './csv/guess-input.ts'
export { readTableMapping, type TableMapping } from './csv/mapping.ts'
export type { ImportOptions, ImportReport, InputMember, OpenedInput } from './importer.ts'
export { openInput } from './open.ts'
export { importerByName, importers } from './registry.ts'
export { runImport } from './run.ts'
