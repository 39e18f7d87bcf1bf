/** Names of files made from text of the record: no path, no device name, no hidden file on any platform. */

const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(\.|$)/i
const maxLength = 100

/** A safe last part of a path, close to `name`; `file` where nothing is left. */
export function safeFileName(name: string): string {
  const lastPart = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = lastPart
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .replace(/\s+/g, ' ')
  const short = shortened(plain)
  if (short === '' || /^[_.]*$/.test(short)) return 'file'
  return reserved.test(short) ? `_${short}` : short
}

/** Cut between characters, the ending kept. */
function shortened(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= maxLength) return name
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? ''
  return (
    characters
      .slice(0, maxLength - ending.length)
      .join('')
      .trimEnd() + ending
  )
}

/** Makes names unique without regard to case, as some file systems compare them. */
export class UniqueNames {
  readonly #taken = new Set<string>()

  /** `name`, or `name` with a number before its ending. */
  take(name: string): string {
    const ending = /\.[^./]*$/.exec(name)?.[0] ?? ''
    const stem = name.slice(0, name.length - ending.length)
    let candidate = name
    for (let number = 2; this.#taken.has(candidate.toLowerCase()); number++) {
      candidate = `${stem}-${number}${ending}`
    }
    this.#taken.add(candidate.toLowerCase())
    return candidate
  }
}
