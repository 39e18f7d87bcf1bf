/** The adapters. A new one is its folder and one line here. */
import { Failure } from '../foundation/index.ts'
import { appleHealth } from './apple-health/index.ts'
import { garminFit } from './garmin-fit/index.ts'
import type { Importer, OpenedInput } from './importer.ts'

export const importers: readonly Importer[] = [appleHealth, garminFit]

/** The adapter with this name. Fails with USAGE. */
export function importerByName(name: string): Importer {
  const found = importers.find((importer) => importer.name === name)
  if (found) return found
  throw new Failure('USAGE', `"${name.slice(0, 40)}" is no import format`, {
    hint: 'healthmate import formats',
  })
}

/** The adapter that recognises a member by its content. Fails with REFUSED_INPUT when none does. */
export async function detectImporter(input: OpenedInput): Promise<Importer> {
  for (const member of input.members) {
    for (const importer of importers) if (await importer.recognises(member.name, member.head)) return importer
  }
  throw new Failure('REFUSED_INPUT', 'nothing in the input is of a known format', {
    hint: 'healthmate import formats',
  })
}
