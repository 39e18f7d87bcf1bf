/**
 * Names inside containers, which are hostile until shown harmless. Nothing is ever written under such a name; it is
 * refused all the same, because what carries it was not made by an exporter.
 */

const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i

/** Why a member's name is refused; '' when it is harmless. */
export function unsafeNameReason(name: string): string {
  if (name === '' || name.length > 1024) return 'its name is empty or longer than 1024 characters'
  if (name.includes('\\')) return 'its name holds a backslash'
  if (name.startsWith('/')) return 'its name is an absolute path'
  if (/^[a-z]:/i.test(name)) return 'its name begins with a drive letter'
  if (hasControlCharacter(name)) return 'its name holds control characters'
  const parts = name.split('/')
  if (parts.includes('..')) return 'its name leads out of the folder'
  if (parts.some((part) => deviceName.test(part))) return 'its name is that of a device'
  return ''
}

/** What a Mac adds when it packs a folder: not part of any export. */
export function isPackagingNoise(name: string): boolean {
  const parts = name.split('/')
  const last = parts.at(-1) ?? ''
  return parts.includes('__MACOSX') || last === '.DS_Store' || last.startsWith('._') || last === 'Thumbs.db'
}

function hasControlCharacter(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) < 0x20) return true
  return false
}
