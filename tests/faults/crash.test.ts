/**
 * T1 and T2 of the security design: a process is killed, or the power is cut, at every step of work on a vault.
 *
 * A kill loses nothing that was written; a power cut takes back what was not synchronised: all of it, or every second
 * write, as a disk does that reorders. The short form takes places spread over the operation, the long form
 * (`npm run test:long`) all of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultHome } from './fault-home.ts'
import { isLong, noFaults, places } from './fault-library.ts'
import { expectRerun, expectSound, run, type Stage, scenarios, stageOf } from './scenarios.ts'

const timeout = isLong ? 3_600_000 : 120_000

describe.skipIf(noFaults)(`a vault (${noFaults ?? 'faults are injected here'})`, () => {
  describe.each(scenarios)('during $operation', (scenario) => {
    let stage: Stage
    let writes = 0
    let changes = 0
    beforeAll(async () => {
      stage = await stageOf(scenario)
      writes = run(stage, { fault: { op: 'write', kind: 'crash', at: 0 } }).count
      stage.home.reset()
      changes = run(stage, { fault: { op: 'any', kind: 'crash', at: 0 } }).count
    }, timeout)
    afterAll(() => stage.home.remove())

    const steps = scenario.steps.flatMap((step) => (isLong ? [1, 2, 3] : [1]).map((time) => ({ step, time })))
    it.each(steps)('killed at $step (time $time) keeps what was acknowledged (T1)', async (killAt) => {
      stage.home.reset()
      const outcome = run(stage, { killAt })
      // The later times of a step that an operation passes once.
      if (!outcome.killed && killAt.time > 1) return
      expect(outcome.killed, 'the step was reached').toBe(true)
      await expectSound(stage, outcome)
      await expectRerun(stage)
    })

    it(
      'killed at any write is as before or after it, and goes on (T1)',
      async () => {
        for (const at of places(writes, scenario.slow ? 2 : 3)) {
          stage.home.reset()
          await expectSound(stage, run(stage, { fault: { op: 'write', kind: 'crash', at } }))
          await expectRerun(stage)
        }
      },
      timeout,
    )

    it(
      'keeps what was acknowledged when the power is cut and all that was unsynchronised is lost (T2)',
      async () => {
        for (const at of places(changes, scenario.slow ? 2 : 4)) {
          stage.home.reset()
          await expectSound(stage, run(stage, { fault: { op: 'any', kind: 'crash', at, lose: 'all' } }))
          await expectRerun(stage)
        }
      },
      timeout,
    )

    it(
      'keeps what was acknowledged when every second unsynchronised write is lost (T2)',
      async () => {
        for (const at of places(changes, 2)) {
          stage.home.reset()
          await expectSound(stage, run(stage, { fault: { op: 'any', kind: 'crash', at, lose: 'some' } }))
          await expectRerun(stage)
        }
      },
      timeout,
    )

    it('keeps everything when the power is cut right after it ended (T2)', async () => {
      stage.home.reset()
      const outcome = run(stage, { fault: { op: 'any', kind: 'crash', at: 0, lose: 'all', atEnd: true } })
      expect(outcome.killed).toBe(true)
      await expectSound(stage, outcome)
      await expectRerun(stage)
    })
  })

  describe('being made', () => {
    it(
      'is there whole or not at all, whenever the process is killed or the power is cut (T1, T2)',
      async () => {
        const home = new FaultHome()
        const { count } = home.run('create', { fault: { op: 'any', kind: 'crash', at: 0 } })
        home.keep()
        for (const at of places(count, 6)) {
          for (const lose of ['all', undefined] as const) {
            for (const name of home.files()) home.removeFile(name)
            const fault = { op: 'any', kind: 'crash', at, ...(lose ? { lose } : {}) } as const
            const outcome = home.run('create', { fault })
            expect(outcome.killed).toBe(true)
            if (home.files().includes('data/vault.hmv')) {
              const opened = await home.open()
              expect(opened.vault.scrub().damages).toEqual([])
              opened.close()
            } else {
              expect(outcome.acknowledged).toEqual([])
              expect(home.run('create').stderr).toBe('')
            }
          }
        }
        home.remove()
      },
      timeout,
    )
  })
})
