import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../src/foundation/index.ts'
import { runImport } from '../../../../src/importers/index.ts'
import { inputOf, memberOf, RememberingSink, settled } from '../harness.ts'
import {
  enumType,
  FitBuilder,
  morning,
  uint8,
  uint16,
  uint32,
  withFileId,
  withLocalTime,
  withSession,
} from './fit-file.ts'

const small = withSession(withLocalTime(withFileId(new FitBuilder(), 4)), 1)
  .define(1, 20, [
    { number: 253, ...uint32 },
    { number: 3, ...uint8 },
    { number: 6, ...uint16 },
  ])
  .data(1, [morning, 120, 2500])
  .define(2, 275, [
    { number: 253, ...uint32 },
    { number: 0, ...enumType },
  ])
  .data(2, [morning, 2])
  .data(2, [morning + 60, 3])
  .file()

/** Ends in a report whose account is even, or in a failure. */
async function ends(bytes: Uint8Array): Promise<void> {
  try {
    const report = await runImport({
      input: inputOf(memberOf('any.fit', [bytes])),
      importer: 'garmin-fit',
      sink: new RememberingSink(),
      options: { importId: 'i', zone: 'Europe/Paris' },
    })
    expect(settled(report)).toBe(report.read)
  } catch (cause) {
    expect(cause).toBeInstanceOf(Failure)
  }
}

describe('any bytes', () => {
  it('end in a report when a file is cut anywhere', async () => {
    for (let length = 0; length <= small.length; length++) await ends(small.subarray(0, length))
  })

  it('end in a report when bytes are flipped', async () => {
    const flips = fc.array(fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const bytes = Uint8Array.from(small)
        for (const [at, mask] of changes) bytes[at] = (bytes[at] as number) ^ mask
        await ends(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('end in a report behind a right header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (data) => {
        const head = new FitBuilder().raw(...data).file()
        await ends(head)
        await ends(data)
      }),
      { numRuns: 200 },
    )
  })
})
