/**
 * How one column of numbers lies in a block (codec.ts), version 1.
 *
 *     u8  kind: bits 0–2 the transform, bits 3–5 the packing, bits 6–7 zero
 *
 * `raw`: 8 bytes a row, IEEE 754 big-endian. `xor`: each double's bits against the row before (0 before the first):
 * u8 = leading zero bytes · 16 + trailing zero bytes, then the bytes between (0x80 alone: equal bits).
 *
 * The other transforms hold whole numbers x with value = x / 10^scale. Division by an exact power of ten rounds
 * correctly, so every decimal of up to 15 digits comes back bit for bit; the writer checks each row and falls back
 * to `xor` or `raw` where one does not (−0, NaN, infinities, sums such as 0.1 + 0.2). Numbers are counted from the first
 * row in steps of their greatest common divisor: whole seconds need no special case. j = (x − x₀) / step.
 *
 *     u8      bits 0–3 scale, bit 4 x₀ negative, bit 5 first difference negative, bit 6 minimum negative
 *     varint  |x₀|                                     `constant` ends here
 *     varint  step
 *     varint  |first difference|                       `delta2` only
 *     varint  |minimum|                                0 when zigzag
 *     residuals
 *
 * Residuals: `plain` j of every row; `delta` j − previous j, from row 1; `delta2` the difference's difference, from
 * row 2. Each is stored less their minimum, as nothing (all equal), 1, 2 or 4 bytes big-endian, or varint; or, with
 * packing `zigzag`, as varint of the zigzag code. `runs`: pairs of varint (j − minimum, number of rows).
 */

export const transform = {
  raw: 0,
  xor: 1,
  constant: 2,
  plain: 3,
  delta: 4,
  delta2: 5,
  runs: 6,
} as const
export type Transform = (typeof transform)[keyof typeof transform]

export const packing = {
  none: 0,
  u8: 1,
  u16: 2,
  u32: 3,
  varint: 4,
  zigzag: 5,
} as const
export type Packing = (typeof packing)[keyof typeof packing]

export const maxScale = 15

/** Exact in doubles. */
export const powersOfTen: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]

export const signBit = { base: 0x10, firstDifference: 0x20, minimum: 0x40 } as const
