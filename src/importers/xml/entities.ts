/**
 * Character and entity references of XML 1.0 (section 4.6): the five predefined entities and numeric references.
 *
 * Nothing else is expanded, so an entity declared in a document type definition is left as it is written: entity
 * bombs and external entities have nothing to work with.
 */

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Longer ones are no references. */
const reference = /&(#[0-9]{1,10}|#x[0-9a-fA-F]{1,8}|[A-Za-z_][\w.-]{0,63});/g

/**
 * Replaces references once; what they expand to is not looked at again. Those to other entities stay, and are told to
 * `onUndefined` by name.
 */
export function decodeReferences(text: string, onUndefined?: (name: string) => void): string {
  return text.replace(reference, (written, name: string) => {
    if (!name.startsWith('#')) {
      if (Object.hasOwn(predefined, name)) return predefined[name] as string
      onUndefined?.(name)
      return written
    }
    const point = name.startsWith('#x')
      ? Number.parseInt(name.slice(2), 16)
      : Number.parseInt(name.slice(1), 10)
    return isXmlCharacter(point) ? String.fromCodePoint(point) : '\uFFFD'
  })
}

/** The characters XML 1.0 allows (production 2). */
function isXmlCharacter(point: number): boolean {
  return (
    point === 0x9 ||
    point === 0xa ||
    point === 0xd ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    (point >= 0x10000 && point <= 0x10ffff)
  )
}
