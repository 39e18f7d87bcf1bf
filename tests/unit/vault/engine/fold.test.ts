import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityOperation, SetOperation } from '../../../../src/records/index.ts'
import {
  type EntityState,
  entityView,
  joinEntities,
  joinEntityOperation,
  replacedBy,
  type StampedOperation,
} from '../../../../src/vault/engine/fold.ts'
import {
  formatHlc,
  type HlcTime,
  maxCounter,
  nextTime,
  observeTime,
  zeroTime,
} from '../../../../src/vault/engine/hlc.ts'

const devices = ['a', 'b', 'c'].map((letter) => letter.repeat(32))
const set = (field: string, value: string | number | boolean | null): EntityOperation => ({
  kind: 'entity',
  type: 'medication',
  id: 'm',
  field,
  value,
})

interface Stamped extends StampedOperation {
  readonly operation: EntityOperation | SetOperation
}

/** A replica with its own clock, which sees what it is given. */
class Replica {
  state: EntityState | undefined
  readonly #device: string
  #time: HlcTime = zeroTime

  constructor(device: string) {
    this.#device = device
  }

  write(operation: EntityOperation | SetOperation, wallMs: number): Stamped {
    this.#time = nextTime(this.#time, wallMs)
    const stamped = {
      operation,
      hlc: formatHlc(this.#time, this.#device),
      replaces: replacedBy(this.state, operation),
    }
    this.see(stamped)
    return stamped
  }

  see(stamped: Stamped): void {
    this.state = joinEntityOperation(this.state, stamped.operation, stamped)
  }
}

/** Histories of three devices with wild clocks that see some of each other's operations. */
const histories = fc
  .array(
    fc.record({
      device: fc.nat(2),
      wallMs: fc.integer({ min: 0, max: 1e12 }),
      field: fc.constantFrom('dose', 'name', 'deleted', 'tags'),
      value: fc.nat(5),
      sees: fc.nat(2),
    }),
    { maxLength: 25 },
  )
  .map((steps) => {
    const replicas = devices.map((device) => new Replica(device))
    const written: Stamped[][] = [[], [], []]
    for (const { device, wallMs, field, value, sees } of steps) {
      const replica = replicas[device] as Replica
      for (const stamped of written[sees] as Stamped[]) replica.see(stamped)
      const operation: EntityOperation | SetOperation =
        field === 'tags'
          ? {
              kind: 'set',
              type: 'medication',
              id: 'm',
              field,
              element: String(value % 2),
              present: value > 2,
            }
          : set(field, field === 'deleted' ? value > 3 : value)
      written[device]?.push(replica.write(operation, wallMs))
    }
    return written.flat()
  })

const fold = (operations: readonly Stamped[]) =>
  operations.reduce<EntityState | undefined>(
    (state, one) => joinEntityOperation(state, one.operation, one),
    undefined,
  )

/** Registers come in the order of first writes; that order says nothing. */
const canonical = (state: EntityState | undefined) =>
  JSON.stringify(
    state === undefined
      ? null
      : [
          state.created,
          state.updated,
          Object.entries(state.registers)
            .sort()
            .map(([name, { heads, seen }]) => [name, heads, Object.entries(seen).sort()]),
        ],
  )

describe('the fold', () => {
  it('gives one state whatever the order, duplication and split of operations', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat()), (operations, numbers) => {
        const shuffled = [...operations, ...operations.slice(0, 5)]
          .map((operation) => ({ operation, key: numbers.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ operation }) => operation)
        expect(canonical(fold(shuffled))).toBe(canonical(fold(operations)))
        const cut = operations.length >> 1
        const left = fold(operations.slice(0, cut))
        const right = fold(operations.slice(cut))
        if (left !== undefined && right !== undefined) {
          expect(canonical(joinEntities(left, right))).toBe(canonical(fold(operations)))
          expect(canonical(joinEntities(right, left))).toBe(canonical(fold(operations)))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('lets an edit beat what it replaces, whatever the clocks say (T15)', () => {
    const [first, second] = [new Replica(devices[0] as string), new Replica(devices[1] as string)]
    const future = first.write(set('name', 'wrong'), Date.UTC(2036, 0, 1))
    second.see(future)
    const correction = second.write(set('name', 'right'), Date.UTC(2026, 0, 1))
    expect(correction.hlc < future.hlc).toBe(true)
    for (const order of [
      [future, correction],
      [correction, future],
    ]) {
      expect(entityView(fold(order) as EntityState)?.fields['name']).toBe('right')
    }
  })

  it('keeps concurrent doses side by side and drops them when one is chosen', () => {
    const [first, second] = [new Replica(devices[0] as string), new Replica(devices[1] as string)]
    const [low, high] = [first.write(set('dose', 5), 1000), second.write(set('dose', 10), 2000)]
    first.see(high)
    expect(entityView(first.state as EntityState)).toMatchObject({
      fields: { dose: 10 },
      concurrent: { dose: [10, 5] },
    })
    const chosen = first.write(set('dose', 7), 3000)
    const view = entityView(fold([chosen, high, low]) as EntityState)
    expect(view?.fields['dose']).toBe(7)
    expect(view?.concurrent).toBeUndefined()
  })

  it('does not revive a deleted entity by a concurrent edit', () => {
    const [first, second] = [new Replica(devices[0] as string), new Replica(devices[1] as string)]
    const created = first.write(set('name', 'x'), 1)
    second.see(created)
    const deleted = first.write(set('deleted', true), 2)
    const edited = second.write(set('name', 'y'), 99)
    expect(entityView(fold([created, deleted, edited]) as EntityState)).toBeUndefined()
    const restored = first.write(set('deleted', false), 3)
    expect(entityView(fold([restored, edited, deleted, created]) as EntityState)?.fields).toEqual({
      name: 'y',
    })
  })

  it('keeps field names of the language apart from fields', () => {
    const state = fold([new Replica(devices[0] as string).write(set('constructor', 'x'), 1)]) as EntityState
    expect(entityView(state)?.fields).toEqual({ constructor: 'x' })
    expect(
      entityView(fold([new Replica(devices[0] as string).write(set('a', 1), 1)]) as EntityState)?.fields[
        'toString' as 'a'
      ],
    ).not.toBe(1)
  })
})

describe('the clock', () => {
  it('never refuses a local write, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { maxLength: 50 }), (walls) => {
        let time = zeroTime
        let last = ''
        for (const wall of walls) {
          time = nextTime(time, wall)
          const text = formatHlc(time, devices[0] as string)
          expect(text > last).toBe(true)
          last = text
        }
      }),
    )
  })

  it('advances the millisecond when the counter is full', () => {
    expect(nextTime({ ms: 5, counter: maxCounter }, 0)).toEqual({ ms: 6, counter: 0 })
  })

  it('follows remote stamps but not those over a day ahead (T16)', () => {
    const now = Date.UTC(2026, 0, 1)
    const near = { ms: now + 3_600_000, counter: 3 }
    expect(observeTime(zeroTime, near, now)).toEqual(near)
    expect(observeTime(near, { ms: now + 90_000_000, counter: 0 }, now)).toEqual(near)
    expect(observeTime(near, zeroTime, now)).toEqual(near)
  })
})
