/** ABO and Rh group of an Observation (LOINC 882-1), as the profile writes it. */
import { conceptOf, type Element, statusOf, textOf, withdrawnStatus } from '../../fhir/index.ts'

const bloodGroup = '882-1'
const short = /^(A|B|AB|O)\s*([+-])$/
const words = /\b(A|B|AB|O|0)\b.*\b(?:Rh|RhD|D)\b.*\b(pos|neg)/i

/** `A+` … `O-`; undefined where the Observation says no blood group. */
export function bloodTypeOf(resource: Element): string | undefined {
  const isGroup = conceptOf(resource['code'])?.codings.some(({ code }) => code === bloodGroup)
  if (!isGroup || withdrawnStatus(resource) !== undefined || statusOf(resource['status']) === 'preliminary') {
    return undefined
  }
  const value = conceptOf(resource['valueCodeableConcept'])
  const texts = [value?.text, ...(value?.codings ?? []).map(({ display }) => display)]
  for (const text of [...texts, textOf(resource['valueString'])]) {
    const simple = short.exec(text?.trim() ?? '')
    if (simple) return `${simple[1]}${simple[2]}`
    const found = words.exec(text ?? '')
    if (found)
      return `${(found[1] as string).toUpperCase().replace('0', 'O')}${/neg/i.test(found[2] ?? '') ? '-' : '+'}`
  }
  return undefined
}
