/** The first table of an input, guessed at: a text file, or a sheet of a workbook. */
import { Failure } from '../../foundation/index.ts'
import type { OpenedInput } from '../importer.ts'
import { openWorkbook, readSheet } from '../xlsx/workbook.ts'
import { besideWorkbooks, workbooksIn } from '../xlsx/workbooks-in.ts'
import { guessRows, guessTable, type TableGuess } from './guess.ts'

const lookedAtRows = 60

/** Fails with REFUSED_INPUT where there is no table with a header. */
export async function guessInput(input: OpenedInput): Promise<TableGuess & { readonly sheet?: string }> {
  for (const members of workbooksIn(input)) {
    const workbook = await openWorkbook(members)
    for (const { name, member } of workbook.sheets) {
      const rows: (readonly string[])[] = []
      await readSheet(workbook, member.stream(), (cells) => {
        if (rows.length < lookedAtRows) rows.push(cells)
      })
      const guess = guessRows(rows, ',')
      if (guess) return { ...guess, sheet: name }
    }
  }
  for (const member of besideWorkbooks(input)) {
    const guess = guessTable(await member.head())
    if (guess) return guess
  }
  throw new Failure('REFUSED_INPUT', 'no table with a header was found', {
    hint: 'The first row of a table names its columns, the rows below hold dates and numbers.',
  })
}
