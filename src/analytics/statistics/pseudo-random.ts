/**
 * Numbers that look random and are the same in every run, for algorithms whose answer does not depend on them.
 *
 * Mulberry32 (T. Ettinger 2017, public domain): period 2³², uniform on [0, 1).
 */
export function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}
