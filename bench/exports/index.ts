/** One export of each format, in order of name. */
import { binaryFormats } from './binary.ts'
import type { ExportFormat } from './format.ts'
import { jsonFormats } from './json.ts'
import { tableFormats } from './tables.ts'
import { xmlFormats } from './xml.ts'

export type { ExportFormat } from './format.ts'

export const exportFormats: readonly ExportFormat[] = [
  ...tableFormats,
  ...jsonFormats,
  ...xmlFormats,
  ...binaryFormats,
].sort((a, b) => (a.name < b.name ? -1 : 1))
