/**
 * A member as a file, for what must be read at any place: a zip or standard input is no file. The copy lies in a folder
 * of its own with mode 0700 and is removed when reading ends, fails or is stopped.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { InputMember } from './importer.ts'
import type { Intake } from './intake.ts'
import { memberChunks } from './member-chunks.ts'

/** Copies the member, uses the copy, removes it. Nothing is used when the person stopped the copying. */
export async function withPrivateCopy(
  member: InputMember,
  intake: Intake,
  totalBytes: number | null,
  use: (path: string) => void | Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'healthmate-import-'))
  const path = join(folder, 'export')
  try {
    const file = createWriteStream(path, { mode: 0o600, flags: 'wx' })
    await pipeline(memberChunks(member, intake, totalBytes), file)
    if (!intake.interrupted) await use(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
