/** Asks for secrets on the terminal: nothing is echoed, nothing reaches stdout. */
import inquirer from 'inquirer'
import { Failure, Redacted, utf8ToBytes } from '../../foundation/index.ts'

/** Asks once. Fails with INTERRUPTED on Ctrl-C, with USAGE on nothing. */
export async function askPassphrase(message: string): Promise<Redacted> {
  const text = await askHidden(message)
  if (text === '') throw new Failure('USAGE', 'no passphrase was typed')
  return new Redacted(utf8ToBytes(text))
}

/** Asks twice until both are the same, at most three times. */
export async function askNewPassphrase(message: string): Promise<Redacted> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const first = await askHidden(message)
    const second = await askHidden('The same again:')
    if (first !== '' && first === second) return new Redacted(utf8ToBytes(first))
    process.stderr.write(first === '' ? 'Nothing was typed.\n' : 'The two differ.\n')
  }
  throw new Failure('USAGE', 'no passphrase was typed twice the same')
}

async function askHidden(message: string): Promise<string> {
  const prompt = inquirer.createPromptModule({ input: process.stdin, output: process.stderr })
  try {
    const { answer } = await prompt<{ answer: string }>([
      // Without this, ctrl+t would show what was typed.
      { type: 'password', name: 'answer', message, mask: false, toggleMask: false },
    ])
    return answer
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Failure('INTERRUPTED', 'interrupted', { cause: error })
    }
    throw error
  }
}
