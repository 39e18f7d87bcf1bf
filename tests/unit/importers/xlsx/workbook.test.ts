import { describe, expect, it } from 'vitest'
import { isDateFormat, serialText } from '../../../../src/importers/xlsx/dates.ts'
import { openWorkbook, readSheet } from '../../../../src/importers/xlsx/workbook.ts'
import { memberOf } from '../harness.ts'
import { serial, workbookMembers } from './workbook-file.ts'

async function rowsOf(members: ReturnType<typeof workbookMembers>) {
  const workbook = await openWorkbook(members)
  const rows: [string, number, readonly string[]][] = []
  for (const { name, member } of workbook.sheets) {
    await readSheet(workbook, member.stream(), (cells, number) => rows.push([name, number, cells]))
  }
  return rows
}

describe('a workbook', () => {
  it('gives its cells as a CSV would have them', async () => {
    const at = { date: serial('2026-01-05T08:30:00Z') }
    const members = workbookMembers({
      'First & last': [
        ['Date', 'a & b', 'n'],
        [at, '', 7.25],
      ],
      Second: [['x']],
    })
    expect(await rowsOf(members)).toEqual([
      ['First & last', 1, ['Date', 'a & b', 'n']],
      ['First & last', 2, ['2026-01-05 08:30:00', '', '7.25']],
      ['Second', 1, ['x']],
    ])
  })

  it('reads booleans, formulas, errors and cells without reference', async () => {
    const members = workbookMembers({ A: [] }).filter(({ name }) => name !== 'xl/worksheets/sheet1.xml')
    const xml =
      '<x:worksheet><x:sheetData><x:row><x:c t="b"><x:v>1</x:v></x:c><x:c t="str"><x:f>A</x:f><x:v>text</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row><x:row r="9"><x:c r="AB9"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    const rows = await rowsOf([...members, memberOf('xl/worksheets/sheet1.xml', [Buffer.from(xml)])])
    expect(rows[0]).toEqual(['A', 1, ['true', 'text', '']])
    expect(rows[1]?.[1]).toBe(9)
    expect(rows[1]?.[2][27]).toBe('5')
  })

  it('keeps what came before a fault', async () => {
    const members = workbookMembers({ A: [['a'], ['b']] }).map((member) =>
      member.name.includes('sheet1')
        ? memberOf(member.name, [
            Buffer.from(
              '<worksheet><sheetData><row><c><v>1</v></c></row><row><c></row><row><c><v>2</v></c></row>',
            ),
          ])
        : member,
    )
    expect(await rowsOf(members)).toEqual([['A', 1, ['1']]])
  })
})

describe('dates', () => {
  it('are told from numbers by the format', () => {
    expect([14, 22, 46, 0, 2].map((id) => isDateFormat(id, undefined))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(
      ['yyyy-mm-dd', 'h:mm AM/PM', '[h]:mm:ss', '0.00', '[Red]0', '"day" 0', 'General'].map((code) =>
        isDateFormat(200, code),
      ),
    ).toEqual([true, true, false, false, false, false, false])
  })

  it('count from 1900 or 1904', () => {
    expect(serialText(serial('2026-01-05T08:30:00Z'), false)).toBe('2026-01-05 08:30:00')
    expect(serialText(0, true)).toBe('1904-01-01 00:00:00')
    expect(serialText(1e300, false)).toBe('1e+300')
  })
})
