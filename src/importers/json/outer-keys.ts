/** What JSON is about, by the names at its outside: deeper ones may quote anything. */

/**
 * Keys of the outermost object, or of the objects in the outermost list, in the beginning of a JSON text. The text may
 * be cut anywhere.
 */
export function outerKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>()
  let objects = 0
  let lists = 0
  const token = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|[{}[\]]/g
  for (const [mark, key, colon] of text.matchAll(token)) {
    if (mark === '{') objects++
    else if (mark === '}') objects--
    else if (mark === '[') lists++
    else if (mark === ']') lists--
    else if (colon !== undefined && objects === 1 && (lists === 0 || isListed(text, lists)))
      keys.add(key as string)
  }
  return keys
}

/** Whether the one list around an object is the outermost value. */
function isListed(text: string, lists: number): boolean {
  return lists === 1 && /^\s*\[/.test(text)
}
