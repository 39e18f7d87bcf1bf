/** FHIR R4: Bundles, bulk NDJSON, single resources, documents; JSON and XML; older versions where they look alike. */
import { clinicalMaps } from '../clinical/maps.ts'
import type { Importer } from '../importer.ts'
import { readFhir } from './read.ts'
import { fhirForm } from './recognise.ts'

export const fhir: Importer = {
  name: 'fhir',
  title: 'FHIR (patient portals, hospitals, International Patient Summary)',
  needs: 'JSON, XML or NDJSON files, or a folder or zip of them',
  whereToGet: 'Patient portal: download or share my health record as FHIR; or: healthmate export fhir.',
  get maps() {
    return clinicalMaps()
  },
  testedWith: [
    {
      kind: 'real',
      what: '5 Synthea bundles, 4 patient summaries (2 in XML), 36 US Core resources, a bulk export',
    },
    { kind: 'generated', what: 'our own export read back, DSTU2 and STU3 forms, damaged and cut files' },
  ],
  isGeneric: true,
  recognises: async (name, head) => fhirForm(name, await head()) !== undefined,
  read: readFhir,
}
