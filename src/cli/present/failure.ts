/** The one place where an error becomes words: a short paragraph on stderr, or the error document of `--json`. */
import { Failure } from '../../foundation/index.ts'
import type { Output } from './output.ts'
import { manyLines, oneLine } from './terminal.ts'

export interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null }
}

export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof Failure) {
    return { error: { code: error.code, message: error.message, hint: error.hint ?? null } }
  }
  return { error: { code: 'INTERNAL', message: bugSentence(error), hint: bugHint } }
}

/** Prints the error as the chosen format asks and gives the exit code of the contract. */
export function presentError(thrown: unknown, output: Output): number {
  const error = isLeftPrompt(thrown) ? new Failure('INTERRUPTED', 'interrupted', { cause: thrown }) : thrown
  const document = errorDocument(error)
  if (output.format === 'human') output.error(errorParagraph(document, output))
  else output.json(document)
  if (output.verbose && error instanceof Error && error.stack) output.error(`${manyLines(stackOf(error))}\n`)
  return error instanceof Failure ? error.exitCode : 1
}

/** Ctrl-C at a question: the prompt takes the key itself, no signal is sent. */
function isLeftPrompt(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError'
}

/** What failed and why, then the command that mends it. */
function errorParagraph(document: ErrorDocument, output: Output): string {
  const { message, hint } = document.error
  const first = `${output.errorStyle.bad('healthmate:')} ${sentence(oneLine(message))}`
  return hint === null ? `${first}\n` : `${first}\n${output.errorStyle.command(manyLines(hint))}\n`
}

function sentence(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`
}

const bugHint =
  'This is a bug. Run the command again with --verbose and report what it prints (it may show file names).'

/** The message of an unexpected error may hold record text, so only its kind is shown without `--verbose`. */
function bugSentence(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  const kind = error instanceof Error ? error.name : typeof error
  return `something went wrong inside the program: ${kind}${code}`
}

function stackOf(error: Error): string {
  const own = error.stack ?? ''
  return error.cause instanceof Error && error.cause.stack ? `${own}\ncaused by ${error.cause.stack}` : own
}
