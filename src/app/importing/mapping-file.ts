/** Mappings of columns: what a table asks a person, and the file that the answers are saved in. */
import { Failure } from '../../foundation/index.ts'
import {
  guessInput,
  openInput,
  readTableMapping,
  type TableGuess,
  type TableMapping,
} from '../../importers/index.ts'
import type { JsonValue } from '../../records/index.ts'
import type { Paths } from '../paths.ts'
import { writePrivateFile } from '../private-file.ts'
import { mappingPath } from './stated.ts'

export type MappingQuestions = TableGuess & { readonly sheet?: string }

/** Looks at the table in a file. Fails with IO, NOT_FOUND or REFUSED_INPUT. */
export async function guessOf(path: string): Promise<MappingQuestions> {
  if (path === '-') {
    throw new Failure('USAGE', 'questions about a table need a file: standard input can be read once only', {
      hint: 'Save the table and name the file.',
    })
  }
  const input = await openInput([path])
  try {
    return await guessInput(input)
  } finally {
    await input.close()
  }
}

/** Checks and saves a mapping under a name; returns the path. Fails with USAGE or UNIT where it cannot be used. */
export function saveMapping(paths: Paths, name: string, mapping: TableMapping): string {
  const path = mappingPath(paths, name)
  readTableMapping(mapping as unknown as JsonValue)
  writePrivateFile(path, `${JSON.stringify(mapping, null, 2)}\n`)
  return path
}
