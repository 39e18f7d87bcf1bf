/** Makes the parts of a small workbook. */
import { memberOf } from '../harness.ts'

export type Cell = string | number | { readonly date: number }

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function letters(column: number): string {
  return column < 26
    ? String.fromCharCode(65 + column)
    : letters(Math.floor(column / 26) - 1) + letters(column % 26)
}

/** Serial (1900 system) of an instant written in UTC. */
export function serial(iso: string): number {
  return (Date.parse(iso) - Date.UTC(1899, 11, 30)) / 86_400_000
}

/** Members of a workbook with these sheets: shared texts, inline texts by turns, dates by style. */
export function workbookParts(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
): Record<string, string> {
  const shared: string[] = []
  const parts: Record<string, string> = {}
  const names = Object.keys(sheets)
  for (const [index, name] of names.entries()) {
    const rows = (sheets[name] ?? []).map((cells, r) => {
      const xml = cells.map((cell, c) => {
        const ref = `${letters(c)}${r + 1}`
        if (cell === '') return ''
        if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`
        if (typeof cell === 'object') return `<c r="${ref}" s="1"><v>${cell.date}</v></c>`
        if (c % 2 === 1) return `<c r="${ref}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
        shared.push(cell)
        return `<c r="${ref}" t="s"><v>${shared.length - 1}</v></c>`
      })
      return `<row r="${r + 1}">${xml.join('')}</row>`
    })
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData></worksheet>`
  }
  parts['xl/workbook.xml'] =
    `<workbook xmlns:r="r"><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`
  parts['xl/_rels/workbook.xml.rels'] =
    `<Relationships>${names.map((_, i) => `<Relationship Id="rId${i + 1}" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`
  parts['xl/sharedStrings.xml'] =
    `<sst>${shared.map((text) => `<si><r><t>${escaped(text.slice(0, 1))}</t></r><r><t xml:space="preserve">${escaped(text.slice(1))}</t></r><rPh><t>x</t></rPh></si>`).join('')}</sst>`
  parts['xl/styles.xml'] =
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
  parts['[Content_Types].xml'] = '<Types/>'
  return parts
}

export function workbookMembers(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>) {
  return Object.entries(workbookParts(sheets)).map(([name, text]) => memberOf(name, [Buffer.from(text)]))
}
