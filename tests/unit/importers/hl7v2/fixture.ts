/** HL7 v2 laboratory messages, one a file; all values are made up. */
import { fileLaws } from '../law-fixture.ts'

const message = (day: number) =>
  [
    `MSH|^~\\&|LAB|HOSPITAL|||2026030${day}130000+0100||ORU^R01|${day}|P|2.5.1`,
    'PID|1||4711^^^LAB||MUSTER^ERIKA||19640812|F',
    `OBR|1|P${day}|F${day}|24323-8^Panel^LN|||2026030${day}080000+0100|||||||||||||||2026030${day}120000+0100|||F`,
    `OBX|1|NM|2823-3^Potassium^LN||4.${day}|mmol/L|3.5-5.1|N|||F|||2026030${day}080000+0100`,
    `OBX|2|NM|718-7^Haemoglobin^LN||13.${day}|g/dL||N|||F|||2026030${day}080000+0100`,
  ].join('\r')

export const laws = fileLaws('hl7v2', {
  '1.hl7': message(1),
  '2.hl7': message(2),
  '3.hl7': message(3),
  '4.hl7': message(4),
})
