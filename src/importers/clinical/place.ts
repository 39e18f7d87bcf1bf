/** Where a resource stands in the input, and its text. */
import type { ResultName } from '../../records/index.ts'

export interface Place {
  /** `bundle.json:12`, `ccd.xml:340`. */
  readonly where: string
  /** The source, verbatim; of formats other than FHIR the element or segments that the resource was read from. */
  readonly text: () => string
  /** Whether the source is kept beside what is mapped; our own export needs no copy. */
  readonly keepsSource: boolean
  /** Its text is too long for a copy, and the file that it stands in is kept whole. */
  readonly isInFile?: boolean
  /** What names the result in every version of it, where the resource has no id of its own. */
  readonly result?: { readonly kind: ResultName; readonly name: string }
  /** When the source says that it was last changed, ms, where the resource does not say so itself. */
  readonly versionMs?: number
}

/** What an unmapped record is kept with: its text, unless only the whole file keeps it. */
export function textToKeep(place: Place): (() => string) | null {
  return place.isInFile === true ? null : place.text
}

/** Text of one statement that is kept beside what it became, where the whole file is kept too. */
const maxStatementText = 64 * 1024

/** Whether a statement of a file is kept by itself: always where the file is not (`isKept`), else when it is short. */
export function keepingOf(text: string, isKept: boolean): Pick<Place, 'keepsSource' | 'isInFile'> {
  const isInFile = isKept && text.length > maxStatementText
  return { keepsSource: !isInFile, isInFile }
}
