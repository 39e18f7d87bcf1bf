/** The options that say which time is meant, the same for every command that takes a period. */
import type { OptionSpec } from '../command.ts'

export const periodOptions: readonly OptionSpec[] = [
  { name: 'from', value: 'DATE', help: 'from this day or time on' },
  { name: 'to', value: 'DATE', help: 'up to this time, or the end of this day' },
  { name: 'last', value: 'SPAN', help: 'the last 30d, 12w, 6mo or 2y' },
  { name: 'on', value: 'DATE', help: 'this day alone' },
]
