/** C-CDA 2.1, 2.0 and 1.1, and the CCD documents before them: what patient portals call "my health record". */
import { clinicalMaps } from '../clinical/maps.ts'
import type { Importer } from '../importer.ts'
import { isCda, readCda } from './read.ts'

export const cCda: Importer = {
  name: 'c-cda',
  title: 'C-CDA documents (continuity of care, discharge, referral)',
  needs: '.xml, .ccda or .cda files, or a folder or zip of them',
  whereToGet: 'Patient portal: Download my record, Share everything, or Visit summary, as XML.',
  get maps() {
    return clinicalMaps()
  },
  testedWith: [
    {
      kind: 'real',
      what: '9 documents of 6 vendors and HL7, 18 examples of HL7, entries counted one by one',
    },
    { kind: 'generated', what: 'negations, null flavours, narrative references, damaged and cut documents' },
  ],
  recognises: async (_name, head) => isCda(await head()),
  read: readCda,
}
