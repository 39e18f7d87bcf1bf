/** What is said when the period that was asked for holds nothing of a metric. */
import { Failure } from '../foundation/index.ts'

/** Says where the records are, when there are any. `newest`: day of the newest one. */
export function emptyPeriod(metric: string, newest: string | null): Failure {
  if (newest === null) {
    return new Failure('NOT_FOUND', `there are no records of ${metric.slice(0, 80)} yet`, {
      hint: `healthmate log ${metric.slice(0, 80)} VALUE, or healthmate import apple-health export.zip`,
    })
  }
  return new Failure(
    'NOT_FOUND',
    `there is nothing of ${metric.slice(0, 80)} in this period; the newest record is of ${newest}`,
    { hint: `Leave the period out, or end it at --to ${newest}.` },
  )
}
