/** How deep JSON may be nested: what is handed on is walked level by level, and resources have a dozen. */

const maxDepth = 200
/** Why deeper values are refused. */
export const tooDeep = `it is nested deeper than ${maxDepth} levels`

const quote = 0x22
const backslash = 0x5c

/** Whether so many levels are open that the value is refused. */
export function isDeep(levels: number): boolean {
  return levels > maxDepth
}

/** Whether JSON is nested too deep, by its bytes. */
export function isNestedDeep(json: Uint8Array): boolean {
  let levels = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const c = json[i] as number
    if (inString) {
      if (c === backslash) i++
      else if (c === quote) inString = false
    } else if (c === quote) inString = true
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((c | 0x20) === 0x7b) {
      if (isDeep(++levels)) return true
    } else if ((c | 0x20) === 0x7d) levels--
  }
  return false
}
