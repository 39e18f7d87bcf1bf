import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deriveRecoveryKey,
  formatRecoveryCode,
  parseRecoveryCode,
} from '../../../src/crypto/recovery-code.ts'
import { bytesToHex, Redacted, utf8ToBytes } from '../../../src/foundation/index.ts'

const parse = (text: string) =>
  bytesToHex(parseRecoveryCode(new Redacted(utf8ToBytes(text))).dangerouslyExpose())
const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 })

describe('a recovery code', () => {
  it('is nine groups of four Crockford symbols and is read back', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const code = formatRecoveryCode(secret)
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/)
        expect(parse(code)).toBe(bytesToHex(secret))
      }),
    )
  })

  it('is read in lower case, without dashes, with spaces, and with i, l and o for 1 and 0', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom('i', 'I', 'l', 'L'),
        fc.constantFrom('o', 'O'),
        (secret, one, zero) => {
          const code = formatRecoveryCode(secret)
          const slips = code.toLowerCase().replaceAll('1', one).replaceAll('0', zero)
          expect(parse(` ${slips.replaceAll('-', ' ')}\n`)).toBe(bytesToHex(secret))
          expect(parse(slips.replaceAll('-', ''))).toBe(bytesToHex(secret))
        },
      ),
    )
  })

  it('shows any single wrong symbol by its check symbols', () => {
    const code = formatRecoveryCode(new Uint8Array(20).fill(7))
    for (let index = 0; index < code.length; index++) {
      if (code[index] === '-') continue
      const wrong = code.slice(0, index) + (code[index] === 'X' ? 'Y' : 'X') + code.slice(index + 1)
      expect(() => parse(wrong)).toThrow('its check symbols do not fit')
    }
  })

  it('refuses other lengths and symbols without repeating what was typed', () => {
    for (const text of [
      '',
      'ABCD',
      `${formatRecoveryCode(new Uint8Array(20))}0`,
      'U'.repeat(36),
      'é'.repeat(36),
    ]) {
      expect(() => parse(text)).toThrow(/^the recovery code is mistyped: it has not nine groups/)
    }
    expect(() => formatRecoveryCode(new Uint8Array(19))).toThrow('160 bits')
  })

  it('derives another key with another salt', () => {
    const secret = new Redacted(new Uint8Array(20))
    const [a, b] = [deriveRecoveryKey(secret, Uint8Array.of(1)), deriveRecoveryKey(secret, Uint8Array.of(2))]
    expect(a).toHaveLength(32)
    expect(bytesToHex(a)).not.toBe(bytesToHex(b))
  })
})
