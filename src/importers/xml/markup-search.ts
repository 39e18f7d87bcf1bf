/** Finding where constructs end that are passed over. */

/** Position after the next `pattern` at or behind `from`; -1 when it is not there. */
export function indexOfPattern(bytes: Buffer, pattern: Buffer, from: number): number {
  const found = bytes.indexOf(pattern, from)
  return found < 0 ? -1 : found + pattern.length
}

/**
 * Position after the internal subset of a document type definition, whose inside is not understood on purpose.
 *
 * Exports of some iOS 16 versions hold declarations with a missing or a doubled `>`, so brackets and quotes cannot
 * be counted. The subset ends behind the first `]` followed by `>`, or, where that was lost, before the root's start
 * tag. -1 when neither is in the bytes.
 */
export function indexOfSubsetEnd(bytes: Buffer, from: number, root: Buffer): number {
  const close = indexOfBracketEnd(bytes, from)
  const tag = indexOfRoot(bytes, from, root)
  return close >= 0 && (tag < 0 || close <= tag) ? close : tag
}

/** After `]` blanks `>`. */
function indexOfBracketEnd(bytes: Buffer, from: number): number {
  let at = from
  while (true) {
    const bracket = bytes.indexOf(0x5d, at)
    if (bracket < 0) return -1
    let next = bracket + 1
    while (isBlank(bytes[next])) next++
    if (bytes[next] === 0x3e) return next + 1
    at = bracket + 1
  }
}

/** At `<root` followed by a blank or `>`. */
function indexOfRoot(bytes: Buffer, from: number, root: Buffer): number {
  let at = from
  while (true) {
    const found = bytes.indexOf(root, at)
    const next = found < 0 ? undefined : bytes[found + root.length]
    if (next === undefined) return -1
    if (isBlank(next) || next === 0x3e) return found
    at = found + 1
  }
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
