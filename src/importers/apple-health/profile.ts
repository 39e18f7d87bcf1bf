/** The `Me` element: facts about the person, offered to the profile. */
import type { ProfileOffer } from '../importer.ts'
import type { ElementTape } from '../xml/element-tape.ts'

const prefix = 'HKCharacteristicTypeIdentifier'

const sexes: Readonly<Record<string, string>> = {
  HKBiologicalSexFemale: 'female',
  HKBiologicalSexMale: 'male',
  HKBiologicalSexOther: 'other',
}

/** What the element on the tape states; what is not set is left out. */
export function readProfile(tape: ElementTape, where: string): ProfileOffer[] {
  const offers: ProfileOffer[] = []
  const last = tape.nodeLastAttribute[0] as number
  for (let a = tape.nodeFirstAttribute[0] as number; a < last; a++) {
    const name = tape.nameOf(a)
    const text = tape.text(a)
    if (name === `${prefix}DateOfBirth` && /^\d{4}-\d{2}-\d{2}$/.test(text)) {
      offers.push({ field: 'dateOfBirth', value: text, where })
    } else if (name === `${prefix}BiologicalSex` && Object.hasOwn(sexes, text)) {
      offers.push({ field: 'sex', value: sexes[text] as string, where })
    } else if (name === `${prefix}BloodType`) {
      const match = /^HKBloodType(A|B|AB|O)(Positive|Negative)$/.exec(text)
      if (match)
        offers.push({ field: 'bloodType', value: `${match[1]}${match[2] === 'Positive' ? '+' : '-'}`, where })
    } else if (name === `${prefix}FitzpatrickSkinType`) {
      const match = /^HKFitzpatrickSkinType(I|II|III|IV|V|VI)$/.exec(text)
      if (match) offers.push({ field: 'skinType', value: match[1] as string, where })
    }
  }
  return offers
}
