/**
 * Names of code systems: what CDA (OIDs) and HL7 v2 (table 0396) call them, as the URIs that FHIR uses.
 *
 * Source: https://terminology.hl7.org/external_terminologies.html and the systems' pages there.
 */
import { systems } from './systems.ts'

const snomed = 'http://snomed.info/sct'
const icd10cm = 'http://hl7.org/fhir/sid/icd-10-cm'
const icd10 = 'http://hl7.org/fhir/sid/icd-10'
const icd9cm = 'http://hl7.org/fhir/sid/icd-9-cm'
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const cvx = 'http://hl7.org/fhir/sid/cvx'
const ndc = 'http://hl7.org/fhir/sid/ndc'
const cpt = 'http://www.ama-assn.org/go/cpt'
const unii = 'http://fdasis.nlm.nih.gov'
const atc = 'http://www.whocc.no/atc'

const uriByOid: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': systems.loinc,
  '2.16.840.1.113883.6.96': snomed,
  '2.16.840.1.113883.6.88': rxnorm,
  '2.16.840.1.113883.6.90': icd10cm,
  '2.16.840.1.113883.6.3': icd10,
  '2.16.840.1.113883.6.103': icd9cm,
  '2.16.840.1.113883.12.292': cvx,
  '2.16.840.1.113883.6.69': ndc,
  '2.16.840.1.113883.6.12': cpt,
  '2.16.840.1.113883.4.9': unii,
  '2.16.840.1.113883.6.73': atc,
  '2.16.840.1.113883.6.4': 'http://www.cms.gov/Medicare/Coding/ICD10',
  '2.16.840.1.113883.3.26.1.1': 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
  '2.16.840.1.113883.5.83': 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
}

const uriByTableName: Readonly<Record<string, string>> = {
  LN: systems.loinc,
  SCT: snomed,
  SNM: snomed,
  I10: icd10,
  I10C: icd10cm,
  I9C: icd9cm,
  RXNORM: rxnorm,
  CVX: cvx,
  NDC: ndc,
  C4: cpt,
  ATC: atc,
  UCUM: systems.ucum,
}

/** The URI of a system named by URI, `urn:oid:…`, OID or HL7 v2 name; other names stay as they are. */
export function systemUri(name: string): string {
  const text = name.trim()
  const oid = text.startsWith('urn:oid:') ? text.slice('urn:oid:'.length) : text
  if (Object.hasOwn(uriByOid, oid)) return uriByOid[oid] as string
  if (Object.hasOwn(uriByTableName, text)) return uriByTableName[text] as string
  if (/^https:\/\/loinc\.org\/?$/.test(text) || text === 'http://loinc.org/') return systems.loinc
  return /^\d+(\.\d+)+$/.test(text) ? `urn:oid:${text}` : text
}

/** Systems by which a thing is named, the most specific first: they decide which coding stands for a concept. */
const preferred: readonly string[] = [
  systems.loinc,
  snomed,
  icd10cm,
  icd10,
  rxnorm,
  cvx,
  atc,
  icd9cm,
  unii,
  ndc,
  cpt,
]

/** Lower is preferred; unknown systems come last. */
export function systemRank(uri: string): number {
  const rank = preferred.indexOf(uri)
  return rank < 0 ? preferred.length : rank
}
