// Seeded random numbers of the generated export.

/** Uniform in [0, 1): mulberry32 (Tommy Ettinger, public domain), good enough for sample data. */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Standard normal (Box and Muller, Ann Math Stat 1958;29:610). */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export function bump(distance, width) {
  return Math.exp(-((distance / width) ** 2))
}
