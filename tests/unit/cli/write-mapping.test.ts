import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { guessOf, resolvePaths, saveMapping } from '../../../src/app/index.ts'
import { type Asker, answersTo } from '../../../src/cli/commands/import/write-mapping.ts'
import { mappingFrom } from '../../../src/importers/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'hm-mapping-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'cuff.csv')
writeFileSync(file, 'Date;SYS;DIA;Gewicht;Comment\n05.01.2026;125;83;81,4;good\n06.01.2026;121;80;81,2;\n')

/** Takes every preset, except where an answer is given by a part of the question. */
function asker(answers: Readonly<Record<string, unknown>>): Asker & { readonly asked: string[] } {
  const asked: string[] = []
  const answer = <Value>(message: string, preset: Value): Value => {
    asked.push(message)
    const key = Object.keys(answers).find((part) => message.includes(part))
    return key === undefined ? preset : (answers[key] as Value)
  }
  return {
    asked,
    choose: async (message, _choices, preset) => answer(message, preset),
    type: async (message, preset, check) => {
      const text = answer(message, preset)
      if (check(text) !== '') throw new Error(`${message} ${check(text)}`)
      return text
    },
  }
}

describe('the questions about a table', () => {
  it('lead to a mapping that is saved for the owner alone', async () => {
    const questions = await guessOf(file)
    const ask = asker({
      '"Gewicht"': 'value',
      'Which metric': 'weight',
      'In which unit': 'kg',
      'two ways': 'day-first',
      'What made': 'Cuff',
    })
    // The metric of the pressure columns is what was guessed.
    const type: Asker['type'] = (message, preset, check) =>
      message.startsWith('Which metric') && preset !== ''
        ? Promise.resolve(preset)
        : ask.type(message, preset, check)
    const answers = await answersTo(questions, { ...ask, type })
    const mapping = mappingFrom(questions, answers)
    expect(mapping).toEqual({
      version: 1,
      delimiter: ';',
      decimalComma: true,
      time: { columns: ['Date'], format: 'day-first' },
      values: [
        { metric: 'blood_pressure', columns: ['SYS', 'DIA'] },
        { metric: 'weight', columns: ['Gewicht'], unit: 'kg' },
      ].map((value) => (value.metric === 'blood_pressure' ? { ...value, unit: 'mm[Hg]' } : value)),
      note: ['Comment'],
      source: 'Cuff',
    })
    const paths = {
      ...resolvePaths({ name: 'linux', home: folder, uid: 1, environment: {} }),
      config: join(folder, 'config'),
    }
    const saved = saveMapping(paths, 'my-cuff', mapping)
    expect(saved).toBe(join(folder, 'config', 'mappings', 'my-cuff.json'))
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual(mapping)
    expect(statSync(saved).mode & 0o777).toBe(0o600)
    expect(() => saveMapping(paths, '../x', mapping)).toThrow('no name of a mapping')
  })

  it('end where no column holds a time or a value', async () => {
    const questions = await guessOf(file)
    const nothing = asker({ is: 'ignore' })
    await expect(answersTo(questions, nothing)).rejects.toMatchObject({ code: 'USAGE' })
    const noValue = asker({ '"SYS"': 'keep', '"DIA"': 'keep' })
    await expect(answersTo(questions, noValue)).rejects.toThrow('hold a value')
  })

  it('need a table in a file', async () => {
    await expect(guessOf('-')).rejects.toMatchObject({ code: 'USAGE' })
    const text = join(folder, 'notes.txt')
    writeFileSync(text, 'once upon a time')
    await expect(guessOf(text)).rejects.toMatchObject({ code: 'REFUSED_INPUT' })
  })
})
