/** An answer as the iHealth Open API writes them. */
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
