/** The last stamp that was given, in the file's state. */
import { ByteReader, ByteWriter } from '../../foundation/index.ts'
import type { Engine } from './engine.ts'
import { type HlcTime, zeroTime } from './hlc.ts'

const clockState = 'clock'

export function readClock(engine: Engine): HlcTime {
  const bytes = engine.store.readState(clockState)
  if (bytes === undefined) return zeroTime
  const reader = new ByteReader(bytes, 'the logical clock')
  return { ms: reader.u64(), counter: reader.u16() }
}

export function writeClock(engine: Engine, time: HlcTime): void {
  engine.store.writeState(clockState, new ByteWriter(10).u64(time.ms).u16(time.counter).finish())
}
