/** An answer as the iHealth Open API writes them. */
import type { LawFixture } from '../law-fixture.ts'
import { jsonRevision } from '../revision-fixture.ts'
export const iHealthFixture = {
  BPUnit: 0,
  BPDataList: [
    {
      BPL: 3,
      DataSource: 'Manual',
      HP: 130,
      HR: 0,
      IsArr: 0,
      LP: 95,
      MDate: 1442498865,
      Note: 'up',
      TimeZone: '-0600',
    },
  ],
  BGUnit: 1,
  BGDataList: [
    {
      BG: 3.9,
      DataSource: 'FromDevice',
      DinnerSituation: 'Before_breakfast',
      MDate: 1442491407,
      TimeZone: '-0800',
    },
  ],
  SPORTDataList: [
    {
      Calories: 221.5,
      DataSource: 'FromDevice',
      SportEndTime: 1442521948,
      SportName: 'Swimming, breaststroke',
      SportStartTime: 1442520148,
      TimeZone: -8,
    },
  ],
}

const lists = ['BPDataList', 'BGDataList', 'SPORTDataList'] as const
/** A unit is one measurement of one of the three kinds. */
export const laws: LawFixture = {
  importer: 'ihealth',
  size: 6,
  files(from, to) {
    const answer: Record<string, unknown[]> = {}
    for (let unit = from; unit < to; unit++) {
      const list = lists[unit % lists.length] as (typeof lists)[number]
      const [first] = iHealthFixture[list]
      const moved = Object.entries(first as object).map(([key, value]) => [
        key,
        /^(MDate|Sport(Start|End)Time)$/.test(key) ? value + unit * 86_400 : value,
      ])
      answer[list] = [...(answer[list] ?? []), Object.fromEntries(moved)]
    }
    return { 'ihealth.json': JSON.stringify({ BPUnit: 0, BGUnit: 1, ...answer }) }
  },
}

const answer = (WeightValue: number, LastChangeTime: number) => ({
  WeightUnit: 0,
  WeightDataList: [{ DataID: 'w1', DataSource: 'Manual', MDate: 1_767_600_000, WeightValue, LastChangeTime }],
})

export const revisions = [
  jsonRevision(
    'an edited weight',
    'ihealth',
    'ihealth.json',
    { earlier: answer(80, 1_767_600_100), later: answer(78, 1_767_700_000) },
    { weight: { earlier: [80], later: [78] } },
  ),
]
