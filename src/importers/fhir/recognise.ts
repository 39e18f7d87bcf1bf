/** Which members hold FHIR, and in which form: by their content, since names say little. */

export type FhirForm = 'json' | 'lines' | 'xml'

const resourceType = /"resourceType"\s*:\s*"[A-Z][A-Za-z]{2,60}"/
const fhirNamespace = /xmlns(:\w+)?\s*=\s*["']http:\/\/hl7\.org\/fhir["']/

/** The form of a member that begins like this; undefined when it holds no FHIR. */
export function fhirForm(name: string, head: Uint8Array): FhirForm | undefined {
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (text.startsWith('<')) return fhirNamespace.test(text.slice(0, 4096)) ? 'xml' : undefined
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined
  const isNamedLines = /\.(ndjson|jsonl)$/i.test(name)
  if (!resourceType.test(text)) return undefined
  return isNamedLines || isLines(text) ? 'lines' : 'json'
}

/** The first line is a whole object and another begins behind it. */
function isLines(text: string): boolean {
  const end = text.indexOf('\n')
  if (end < 0 || !/^\s*\{/.test(text.slice(end))) return false
  try {
    JSON.parse(text.slice(0, end))
    return true
  } catch (cause) {
    if (cause instanceof SyntaxError) return false
    throw cause
  }
}
