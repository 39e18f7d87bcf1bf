/** Whose records are meant where a file holds several people (`--whose`). */

/** What `--whose` says is a name or number of somebody. Case and blanks at the ends do not matter. */
export function isWhose(stated: string, names: readonly (string | undefined)[]): boolean {
  const wanted = plain(stated)
  return names.some((name) => name !== undefined && plain(name) === wanted)
}

function plain(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
}
