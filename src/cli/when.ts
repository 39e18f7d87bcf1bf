/** Times and periods of the command line, in the person's zone. */
import {
  type ParsedPeriod,
  parsePeriod,
  parseWhen,
  personZone,
  systemClock,
  type When,
} from '../app/index.ts'
import { localDay } from '../foundation/index.ts'
import type { Invocation } from './invocation.ts'
import { setupOf } from './setup.ts'

export type { When }

/** The time of an option, now when it was not given; says what a change of clocks did to it. */
export async function whenOf(invocation: Invocation, option: string): Promise<When> {
  return whenFrom(invocation, invocation.text(option) ?? 'now')
}

export async function whenFrom(invocation: Invocation, text: string): Promise<When> {
  const when = await parseWhen(text, systemClock.nowMs(), personZone(setupOf(invocation).config))
  if (when.note !== null) invocation.output.note(when.note)
  return when
}

/** The local day of a date: days since 1970-01-01. */
export async function dayFrom(invocation: Invocation, text: string): Promise<number> {
  const when = await whenFrom(invocation, text)
  return localDay(when.ms, when.offsetMin)
}

/** The period of `--from`, `--to`, `--last`, `--on`. */
export async function periodOf(invocation: Invocation): Promise<ParsedPeriod> {
  const { config } = setupOf(invocation)
  const period = await parsePeriod(
    {
      from: invocation.text('from'),
      to: invocation.text('to'),
      last: invocation.text('last'),
      on: invocation.text('on'),
    },
    { nowMs: systemClock.nowMs(), zone: personZone(config), dayStartMin: config.dayStartMin() },
  )
  for (const note of period.notes) invocation.output.note(note)
  return period
}

/** The period as local days, inclusive. */
export async function daysOf(invocation: Invocation): Promise<{ fromDay?: number; toDay?: number }> {
  const { offsetOf } = await import('../app/index.ts')
  const { fromMs, toMs } = await periodOf(invocation)
  const { config } = setupOf(invocation)
  const zone = personZone(config)
  const dayAt = (ms: number): number => localDay(ms, offsetOf(zone, ms), config.dayStartMin())
  return {
    ...(fromMs === undefined ? {} : { fromDay: dayAt(fromMs) }),
    ...(toMs === undefined ? {} : { toDay: dayAt(toMs - 1) }),
  }
}
