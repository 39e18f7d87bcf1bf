/** What clinical formats can become: every metric that a LOINC code names, and the clinical entities. */
import { metrics } from '../../metrics/index.ts'

const entityTypes = [
  'allergy',
  'care_plan',
  'condition',
  'coverage',
  'device',
  'dose_event',
  'encounter',
  'family_history',
  'immunization',
  'lab_report',
  'medication',
  'procedure',
  'social_history',
]

/** Ids of metrics in order, then types of entities. */
export function clinicalMaps(): readonly string[] {
  const coded = metrics.filter(({ loinc, loincAlternatives, components }) => {
    const codes = [loinc, ...components.map((component) => component.loinc)]
    return (loincAlternatives?.length ?? 0) > 0 || codes.some((code) => code !== null)
  })
  return [...coded.map(({ id }) => id).sort(), ...entityTypes]
}
