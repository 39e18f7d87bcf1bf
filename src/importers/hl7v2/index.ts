/** HL7 v2: laboratory results (ORU, OUL) and vaccinations (VXU) as laboratories and hospitals send them. */
import { clinicalMaps } from '../clinical/maps.ts'
import type { Importer } from '../importer.ts'
import { isHl7, readHl7 } from './read.ts'

export const hl7v2: Importer = {
  name: 'hl7v2',
  title: 'HL7 v2 laboratory messages (ORU^R01)',
  needs: '.hl7 or .txt files, single messages or batches',
  whereToGet: 'Ask the laboratory or the practice for the result message (HL7, ORU).',
  get maps() {
    return clinicalMaps()
  },
  testedWith: [
    { kind: 'real', what: '4 messages (2 ORU, OUL, VXU) of versions 2.5 to 2.8' },
    {
      kind: 'specification',
      what: 'batches, escapes, corrections, structured numerics, damaged and cut files',
    },
  ],
  recognises: async (_name, head) => isHl7(await head()),
  read: readHl7,
}
