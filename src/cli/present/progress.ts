/** Progress on stderr: a line that is rewritten on a terminal, a plain line every few seconds elsewhere. */
import type { Progress } from '../../app/index.ts'
import type { Clock } from '../../foundation/index.ts'
import type { Output } from './output.ts'
import { clipText, oneLine } from './terminal.ts'

/** Nothing is shown for work shorter than this. */
const silentMs = 1000
const terminalEveryMs = 100
const plainEveryMs = 5000

/** Progress of one piece of work. `unit` says what `done` counts. */
export function createProgress(output: Output, clock: Clock, unit: 'bytes' | 'records' = 'bytes'): Progress {
  if (output.quiet) return { update: () => {}, end: () => {} }
  const terminal = output.errorIsTerminal
  const startMs = clock.nowMs()
  let lastMs = startMs
  let drawn = false
  return {
    update(done, total, what) {
      const nowMs = clock.nowMs()
      const every = terminal ? terminalEveryMs : plainEveryMs
      if (nowMs - startMs < silentMs || nowMs - lastMs < every) return
      lastMs = nowMs
      const text = progressText({ done, total, what, unit, elapsedMs: nowMs - startMs })
      if (terminal) output.error(`\r\u001b[2K${clipText(text, output.width - 1)}`)
      else output.error(`${text}\n`)
      drawn = terminal
    },
    end() {
      if (drawn) output.error('\r\u001b[2K')
      drawn = false
    },
  }
}

export interface ProgressState {
  readonly done: number
  readonly total: number | undefined
  readonly what: string
  readonly unit: 'bytes' | 'records'
  readonly elapsedMs: number
}

/** `reading export.xml  42 %  120 of 286 MB  61 MB/s  3 s left` */
export function progressText(state: ProgressState): string {
  const rate = state.done / Math.max(0.001, state.elapsedMs / 1000)
  const parts = [oneLine(state.what)]
  if (state.total !== undefined && state.total > 0) {
    parts.push(`${Math.min(100, Math.floor((100 * state.done) / state.total))} %`)
    parts.push(`${amount(state.done, state.unit)} of ${amount(state.total, state.unit)}`)
  } else {
    parts.push(amount(state.done, state.unit))
  }
  parts.push(`${amount(rate, state.unit)}/s`)
  if (state.total !== undefined && rate > 0) parts.push(`${duration((state.total - state.done) / rate)} left`)
  return parts.join('  ')
}

function amount(value: number, unit: 'bytes' | 'records'): string {
  if (unit === 'records') return `${Math.round(value).toLocaleString('en-US')} records`
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} GB`
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`
  return `${Math.round(value / 1e3)} kB`
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
