/** The fault library itself: what it does not intercept, no test of faults would show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultHome } from './fault-home.ts'
import { noFaults } from './fault-library.ts'

describe.skipIf(noFaults)(`the fault library (${noFaults ?? 'it compiles here'})`, () => {
  let home: FaultHome
  beforeAll(async () => {
    home = await FaultHome.withVault()
  })
  afterAll(() => home.remove())

  // Three commits write pages and synchronise the log, and a head anchor is written, synchronised and moved after each.
  it.each([
    ['read', 5],
    ['write', 20],
    ['sync', 9],
    ['name', 3],
  ] as const)('sees the %s operations of SQLite and of Node', (op, least) => {
    home.reset()
    const { status, count, stderr } = home.run('log', { fault: { op, kind: 'eio', at: 0 } })
    expect([status, stderr]).toEqual([0, ''])
    expect(count).toBeGreaterThanOrEqual(least)
  })

  it('takes back what was written and named but not synchronised, and leaves what was', () => {
    home.reset()
    const before = home.files()
    const cut = home.run('log', { fault: { op: 'write', kind: 'crash', at: 1, lose: 'all' } })
    expect(cut.killed).toBe(true)
    const left = home.files().filter((name) => !name.endsWith('-shm'))
    expect(left).toEqual(before)
    const end = home.run('log', {
      fault: { op: 'write', kind: 'eio', at: 0, lose: 'all', atEnd: true },
    })
    expect([end.killed, end.acknowledged.length]).toEqual([true, 3])
  })

  it('shows what would be lost if the program did not synchronise', async () => {
    home.reset()
    const before = await digestOf(home)
    const fault = { op: 'write', kind: 'eio', at: 0, lose: 'all', atEnd: true } as const
    home.reset()
    const { acknowledged } = home.run('log', { fault: { ...fault, deaf: true } })
    expect([acknowledged.length, await digestOf(home)]).toEqual([3, before])
    home.reset()
    const saved = home.run('log', { fault })
    expect(await digestOf(home)).toBe(saved.acknowledged.at(-1))
  })
})

async function digestOf(home: FaultHome): Promise<string> {
  const { vault, close } = await home.open()
  const digest = vault.digest()
  close()
  return digest
}
