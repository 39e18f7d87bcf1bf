/** iHealth: answers of the Open API, as people save them. */
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { outerKeys } from '../json/outer-keys.ts'
import { readMembers } from '../member-chunks.ts'
import { readIHealth } from './read.ts'

export const iHealth: Importer = {
  name: 'ihealth',
  title: 'iHealth Open API answers',
  needs:
    'JSON with BPDataList, BGDataList, BODataList, WeightDataList, ARDataList, SRDataList or SPORTDataList',
  whereToGet: 'From programs that read the iHealth Open API with your account.',
  maps: [
    'blood_pressure',
    'bmi',
    'body_fat',
    'body_water',
    'distance_walking_running',
    'glucose',
    'heart_rate',
    'oxygen_saturation',
    'sleep_awakenings',
    'sleep_efficiency',
    'sleep_latency',
    'sleep_total',
    'steps',
    'weight',
    'workout',
  ],
  testedWith: [{ kind: 'real', what: '19 recorded answers of the API' }],
  recognises: async (_name, head) =>
    [...outerKeys(jsonHead(await head()))].some((key) => /^(BP|BG|BO|Weight|AR|SR|SPORT)DataList$/.test(key)),
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'iHealth answer',
      hint: 'Hand over the JSON as the API gives it.',
      recognises: iHealth.recognises,
      read: (member, totalBytes) => readIHealth(member, totalBytes, intake),
    }),
}
