/** FIT activities, one a file. */
import { fileLaws } from '../law-fixture.ts'
import { FitBuilder, morning, uint8, uint32, withFileId, withLocalTime, withSession } from './fit-file.ts'

const fields = [
  { number: 253, ...uint32 },
  { number: 3, ...uint8 },
]

/** An activity whose heart rates lie some seconds after the morning. */
const activity = (second: number) =>
  withSession(withLocalTime(withFileId(new FitBuilder(), 4)), 1)
    .define(1, 20, fields)
    .data(1, [morning + second, 120])
    .data(1, [morning + second + 1, 121 + (second % 7)])
    .file()

export const laws = fileLaws('garmin-fit', {
  'a.fit': activity(0),
  'b.fit': activity(1000),
  'c.fit': activity(2000),
  'd.fit': activity(3000),
})
