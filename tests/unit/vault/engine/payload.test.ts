import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, Failure } from '../../../../src/foundation/index.ts'
import { type Change, emptyChange, identityText, type Operation } from '../../../../src/records/index.ts'
import { decodeChange, encodeChange } from '../../../../src/vault/engine/change-codec.ts'
import { formatHlc } from '../../../../src/vault/engine/hlc.ts'
import {
  operationToText,
  textToIdentity,
  textToOperation,
} from '../../../../src/vault/engine/operation-codec.ts'
import { decodePayload, encodeItem, encodePayload, type Item } from '../../../../src/vault/engine/payload.ts'
import { blockOf, rowOf, seriesOf } from './test-vault.ts'

const device = 'ab'.repeat(16)
const other = 'cd'.repeat(16)
const ref = { series: seriesOf('weight'), startMs: -5, durationMs: 7, discriminator: [-0, 1.5e-300] }
const operations: readonly Operation[] = [
  { kind: 'entity', type: 'goal', id: 'g', field: 'name', value: { a: [1, null, 'x'] } },
  { kind: 'set', type: 'goal', id: 'g', field: 'tags', element: 'ä', present: false },
  { kind: 'observation', ref, field: 'values', value: [1] },
  { kind: 'observation', ref: { ...ref, discriminator: 'key:with,all' }, field: 'time', value: null },
  { kind: 'observation', ref, field: 'tags', value: ['a'] },
]

describe('operations as text', () => {
  it.each(operations)('round-trip: %j', (operation) => {
    expect(textToOperation(operationToText(operation))).toEqual(operation)
  })

  it('have a frozen form', () => {
    expect(operationToText(operations[0] as Operation)).toBe(
      '{"k":"e","t":"goal","i":"g","f":"name","v":{"a":[1,null,"x"]}}',
    )
    expect(operationToText(operations[2] as Operation)).toBe(
      '{"k":"o","s":["weight","","manual","manual","kg"],"n":"-5:7:v-0,1.5e-300","f":"values","v":[1]}',
    )
  })

  it('keep every bit of a discriminator', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3 }), (discriminator) => {
        const back = textToIdentity(identityText({ startMs: 1, durationMs: 2, discriminator })).discriminator
        expect(back.length).toBe(discriminator.length)
        discriminator.forEach((value, at) => {
          expect(Object.is(back[at], value)).toBe(true)
        })
      }),
    )
  })

  it('of a newer version are unknown, malformed ones refused', () => {
    expect(textToOperation('{"k":"z"}')).toBeUndefined()
    expect(textToOperation('{"k":"o","f":"colour","v":1}')).toBeUndefined()
    for (const text of [
      '',
      '[]',
      '{}',
      '{"k":"e"}',
      '{"k":"s","t":"a","i":"b","f":"c","v":1}',
      '{"k":"e","t":"a","i":"b","f":"c"}',
      '{"k":"o","s":[],"n":"x","f":"note","v":"y"}',
      '{"k":"o","s":["a","b","c","d","e"],"n":"x","f":"note","v":"y"}',
      '{"k":"o","s":["a","b","c","d","e"],"n":"1:2:k","f":"removed","v":"y"}',
    ]) {
      expect(() => textToOperation(text), text).toThrow(Failure)
    }
  })
})

const time = { ms: 1_772_000_000_000, counter: 3 }
const items: readonly Item[] = [
  {
    kind: 'operation',
    operation: operations[0] as Operation,
    hlc: formatHlc(time, device),
    replaces: [formatHlc(time, other)],
  },
  {
    kind: 'block',
    hlc: formatHlc(time, other),
    series: seriesOf('weight'),
    encoded: new Uint8Array([1, 2, 3]),
  },
  {
    kind: 'raw',
    hlc: formatHlc(time, device),
    rowId: 2 ** 46,
    count: 4,
    hash: new Uint8Array(32).fill(5),
    importId: 'i',
  },
  { kind: 'json', tag: 4, text: '{}' },
  { kind: 'snapshot-end', hash: new Uint8Array(32).fill(6) },
]

/** Bytes as hexadecimal text, whatever array holds them. */
const plain = (item: Item): unknown =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? bytesToHex(value) : value,
    ]),
  )

describe('payload', () => {
  it('gives back the items', () => {
    const payload = encodePayload(items.map((item) => encodeItem(item, device)))
    expect(decodePayload(payload, device).map(plain)).toEqual(items.map(plain))
  })

  it('has frozen bytes', () => {
    expect(items.map((item) => bytesToHex(encodeItem(item, device)))).toMatchInlineSnapshot(`
      [
        "016080f0b89bc933030001019c936e38000003cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd3e7b226b223a2265222c2274223a22676f616c222c2269223a2267222c2266223a226e616d65222c2276223a7b2261223a5b312c6e756c6c2c2278225d7d7d",
        "024080f0b89bc9330301cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd245b22776569676874222c22222c226d616e75616c222c226d616e75616c222c226b67225d010203",
        "033280f0b89bc9330300808080808080100405050505050505050505050505050505050505050505050505050505050505050169",
        "0403027b7d",
        "07200606060606060606060606060606060606060606060606060606060606060606",
      ]
    `)
  })

  it('keeps what a newer version wrote, bit for bit (T26)', () => {
    const unknown: Item = { kind: 'unknown', tag: 99, body: new Uint8Array([1, 2, 255]), device }
    const [back] = decodePayload(encodePayload([encodeItem(unknown, device)]), device)
    expect(bytesToHex(encodeItem(back as Item, device))).toBe(bytesToHex(encodeItem(unknown, device)))
    const newer = { k: 'merge', x: 1 }
    const known = encodeItem({ ...(items[0] as Item & { kind: 'operation' }), replaces: [] }, device)
    const text = JSON.stringify(newer)
    const swapped = Buffer.concat([
      known.subarray(0, 2),
      known.subarray(2, known.length - operationToText(operations[0] as Operation).length - 1),
      Buffer.from([text.length]),
      Buffer.from(text),
    ])
    swapped[1] = swapped.length - 2
    const [item] = decodePayload(encodePayload([swapped]), device)
    expect(item?.kind).toBe('unknown')
    expect(bytesToHex(encodeItem(item as Item, device))).toBe(bytesToHex(swapped))
  })

  it('refuses arbitrary bytes with a failure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodePayload(encodePayload([bytes]), device)
          decodePayload(bytes, device)
        } catch (failure) {
          expect(failure).toBeInstanceOf(Failure)
        }
      }),
    )
  })
})

describe('a change for the inbox', () => {
  const change: Change = {
    ...emptyChange,
    label: 'log weight',
    operations,
    blocks: [blockOf(seriesOf('weight'), [rowOf(1e12, 80, { extra: { key: 'k', note: 'ü' } })])],
    raw: [{ type: 'X', where: 'f:1', startMs: null, text: '<x/>' }],
    attachments: [{ id: 'a', name: 'n', mediaType: 'text/plain', bytes: new Uint8Array([9]) }],
  }

  it('round-trips', () => {
    expect(decodeChange(encodeChange(change))).toEqual(change)
  })

  it('is refused when a row could not have been entered', () => {
    const bad = { ...change, blocks: [blockOf(seriesOf('weight'), [rowOf(1e12, Number.NaN)])] }
    expect(() => decodeChange(encodeChange(bad))).toThrow(/no finite number/)
    const unknownType = {
      ...change,
      operations: [{ kind: 'entity', type: 'spy', id: 'x', field: 'f', value: 1 } as unknown as Operation],
    }
    expect(() => decodeChange(encodeChange(unknownType))).toThrow(/unknown type/)
  })

  it('is refused when it is cut, flipped or arbitrary', () => {
    const bytes = encodeChange(change)
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), fc.uint8Array({ maxLength: 99 }), (bit, noise) => {
        const flipped = bytes.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
        for (const hostile of [flipped, bytes.subarray(0, bit >> 3), noise]) {
          try {
            decodeChange(hostile)
          } catch (failure) {
            expect(failure).toBeInstanceOf(Failure)
          }
        }
      }),
    )
  })
})
