/**
 * Writes a file that the person named: whole or not at all, readable by them alone, and never through a link. It is
 * written beside its place and moved there, so that a link at the path is replaced, not followed.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure } from '../foundation/index.ts'

/** Fails with EXISTS when something (a dangling link too) is there and `replace` is not given, and with IO. */
export function writeOutputFile(path: string, content: string | Uint8Array, replace: boolean): void {
  refuseTaken(path, replace)
  const temporary = join(dirname(resolve(path)), `.${basename(path)}.${process.pid}.part`)
  try {
    const descriptor = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(descriptor, content)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    if (replace) renameSync(temporary, path)
    else moveWithoutReplacing(temporary, path)
  } catch (cause) {
    throw writeFailure(path, cause)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Fails with EXISTS when something is at the path and is not to be replaced. */
export function refuseTaken(path: string, replace: boolean): void {
  if (!replace && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw taken(path)
}

/** A hard link fails where something is; some file systems have none. */
function moveWithoutReplacing(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw taken(path)
    refuseTaken(path, false)
    renameSync(temporary, path)
  }
}

function taken(path: string): Failure {
  return new Failure('EXISTS', `${path} is there already`, { hint: 'Add --force to replace it.' })
}

function writeFailure(path: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  const code = codeOf(cause)
  return new Failure('IO', `${path} cannot be written${code === undefined ? '' : ` (${code})`}`, {
    hint: 'Check the folder and the room on the disk.',
    cause,
  })
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
}
