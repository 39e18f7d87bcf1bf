import { describe, expect, it } from 'vitest'
import { Intake } from '../../../src/importers/intake.ts'
import { RememberingSink } from './harness.ts'

function turnAway(count: number, meetsAt: number | null) {
  const intake = new Intake(new RememberingSink(), { importId: 'i', zone: 'UTC', whose: 'Ann' })
  for (let i = 0; i < count; i++) {
    if (i === meetsAt) intake.others.meet()
    intake.begin(1)
    intake.others.turnAway(`file:${i}`, 'it belongs to another person', () => 'x'.repeat(1000))
  }
  return intake.report({}, 1, 0)
}

describe('records of other people', () => {
  it.each([0, 1, 2500])('are skipped when the person is met, also behind them (at %i)', (meetsAt) => {
    expect(turnAway(3000, meetsAt)).toMatchObject({ read: 3000, skipped: 3000, refused: 0, refusals: [] })
  })

  it('are refused, each counted, when nobody in the input is meant', () => {
    const report = turnAway(3000, null)
    expect(report).toMatchObject({ read: 3000, skipped: 0, refused: 3000 })
    expect(report.refusals).toHaveLength(1000)
    expect(report.refusals[0]).toMatchObject({ where: 'file:0', raw: 'x'.repeat(200) })
    expect(report.notes).toContain('further refusals are counted but not listed (2000 times)')
  })
})
