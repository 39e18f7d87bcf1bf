/** What was exercised when: tells to which kind of movement a distance or a speed belongs. */
import { type SportMetrics, sportMetrics } from '../activity-sports.ts'
import type { ExportDatabase } from '../sqlite-copy.ts'
import { codeOf, exerciseTypes } from './codes.ts'
import { exerciseTable } from './tables.ts'

interface Session {
  readonly startMs: number
  readonly endMs: number
  readonly app: unknown
  readonly sport: SportMetrics
  /** The latest end up to here, in order of start. */
  readonly latestEndMs: number
}

/** Sports that cover a distance otherwise than on foot, and for which there is no metric. */
const notOnFoot = new Set(['paragliding', 'sailing', 'scuba_diving', 'surfing', 'water_polo'])
const onFoot: SportMetrics = { distance: 'distance_walking_running' }

export class ExerciseSessions {
  readonly #sessions: readonly Session[]

  constructor(database: ExportDatabase) {
    const found: Omit<Session, 'latestEndMs'>[] = []
    if (database.tables.includes(exerciseTable)) {
      for (const row of database.rows(exerciseTable)) {
        const [startMs, endMs] = [row['start_time'], row['end_time']]
        if (typeof startMs !== 'number' || typeof endMs !== 'number' || endMs <= startMs) continue
        const sport = sportOf(exerciseTypes[codeOf(row['exercise_type'])] ?? '')
        found.push({ startMs, endMs, app: row['app_info_id'], sport })
      }
    }
    let latestEndMs = Number.NEGATIVE_INFINITY
    this.#sessions = found
      .sort((a, b) => a.startMs - b.startMs)
      .map((session) => {
        latestEndMs = Math.max(latestEndMs, session.endMs)
        return { ...session, latestEndMs }
      })
  }

  /**
   * The sport of the session that covers at least half of the time, one of the same app before others; undefined
   * outside of sessions.
   */
  at(startMs: number, durationMs: number, app: unknown): SportMetrics | undefined {
    const endMs = startMs + durationMs
    let best: Session | undefined
    for (let i = this.#lastStarted(endMs); i >= 0; i--) {
      const session = this.#sessions[i] as Session
      if (session.latestEndMs < startMs) break
      const covered = Math.min(endMs, session.endMs) - Math.max(startMs, session.startMs)
      if (covered < durationMs / 2) continue
      if (session.app === app) return session.sport
      best ??= session
    }
    return best?.sport
  }

  /** Index of the last session that starts at or before a time; -1 when there is none. */
  #lastStarted(ms: number): number {
    let low = 0
    let high = this.#sessions.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sessions[middle] as Session).startMs <= ms) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

function sportOf(type: string): SportMetrics {
  const sport = sportMetrics(type)
  return sport.distance === undefined && !notOnFoot.has(type) ? { ...sport, ...onFoot } : sport
}
