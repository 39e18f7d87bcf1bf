/** The value of `log METRIC -`: from standard input, or asked for, so that it never stands in the shell's history. */
import { Failure } from '../../foundation/index.ts'
import type { Invocation } from '../invocation.ts'

const maxValueLength = 1000

export async function readHidden(invocation: Invocation, metric: string): Promise<string> {
  if (invocation.interactive) {
    const { default: inquirer } = await import('inquirer')
    const ask = inquirer.createPromptModule({ input: process.stdin, output: process.stderr })
    const { value } = await ask<{ value: string }>([{ type: 'input', name: 'value', message: `${metric}:` }])
    return value.trim()
  }
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.length > maxValueLength) throw new Failure('VALUE', 'standard input holds more than one value')
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  if (lines.length !== 1) {
    throw new Failure('VALUE', `standard input holds ${lines.length} lines, not one value`, {
      hint: 'healthmate log --stdin reads many records.',
    })
  }
  return (lines[0] ?? '').trim()
}
