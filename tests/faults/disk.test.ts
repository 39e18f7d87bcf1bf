/**
 * T3 and T4 of the security design: a full disk, a disk that fails, short writes.
 *
 * Whatever fails, nothing is reported as saved that is not, what was saved before stays readable, and once the disk
 * works again the same operation completes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault, Outcome } from './fault-home.ts'
import { isLong, noFaults, places } from './fault-library.ts'
import { expectRerun, expectSound, ok, run, type Stage, scenarios, stageOf } from './scenarios.ts'

const timeout = isLong ? 3_600_000 : 120_000

/** The failed process said so, in words that help; it acknowledged nothing after the failure. */
function expectClearFailure(outcome: Outcome, op: Fault['op']): void {
  expect(outcome.killed, 'no crash').toBe(false)
  expect(outcome.stdout).not.toContain('done')
  // SQLite takes a page that the disk cannot give for a damaged one (SQLITE_IOERR_CORRUPTFS), and so it is.
  if (op === 'read' && outcome.status === 6) {
    expect(outcome.stderr).toBe(
      'DAMAGED: the vault file is damaged (SQLITE_CORRUPT) | healthmate vault scrub\n',
    )
    return
  }
  expect([outcome.status, outcome.stderr]).toEqual([1, expect.stringMatching(/^IO: .+ \| .+\n$/)])
}

describe.skipIf(noFaults)(`a vault (${noFaults ?? 'faults are injected here'})`, () => {
  describe.each(scenarios)('during $operation', (scenario) => {
    let stage: Stage
    const counts = { read: 0, write: 0, sync: 0 }
    const most = scenario.slow ? 1 : 2
    beforeAll(async () => {
      stage = await stageOf(scenario)
      for (const op of ['read', 'write', 'sync'] as const) {
        counts[op] = run(stage, { fault: { op, kind: 'eio', at: 0 } }).count
        stage.home.reset()
      }
    }, timeout)
    afterAll(() => stage.home.remove())

    /** The failure may also be of no consequence, such as that of a checkpoint at the end. */
    async function suffer(fault: Fault): Promise<Outcome> {
      stage.home.reset()
      const outcome = run(stage, { fault })
      if (outcome.status !== 0) expectClearFailure(outcome, fault.op)
      else expect(outcome.stdout).toBe('done\n')
      await expectSound(stage, outcome)
      await expectRerun(stage)
      return outcome
    }

    it(
      'on a disk that becomes full says so, loses nothing, and completes when there is space (T3)',
      async () => {
        let failures = 0
        for (const at of places(counts.write, most)) {
          const outcome = await suffer({ op: 'write', kind: 'enospc', at, sticky: true })
          if (outcome.status === 0) continue
          failures++
          expect(outcome.stderr).toMatch(/[Ff]ree some space/)
        }
        expect(failures).toBeGreaterThan(0)
      },
      timeout,
    )

    it(
      'reports nothing as saved when a write fails once (T4)',
      async () => {
        for (const at of places(counts.write, most)) await suffer({ op: 'write', kind: 'eio', at })
      },
      timeout,
    )

    it(
      'reports nothing as saved when synchronising fails, and does not try again (T4)',
      async () => {
        for (const at of places(counts.sync, most)) await suffer({ op: 'sync', kind: 'eio', at })
      },
      timeout,
    )

    it(
      'says that a read failed, and reads it when it can be read again (T4)',
      async () => {
        for (const at of places(counts.read, 1)) await suffer({ op: 'read', kind: 'eio', at })
      },
      timeout,
    )

    it('completes though every write stops short (T4)', async () => {
      stage.home.reset()
      const outcome = run(stage, { fault: { op: 'write', kind: 'short', at: 1, sticky: true } })
      ok(outcome)
      await expectSound(stage, outcome)
    })
  })
})
