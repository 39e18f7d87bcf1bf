/** The workbooks of an input, each with its members. */
import type { InputMember, OpenedInput } from '../importer.ts'
import { isWorkbookPart, workbookPart } from './workbook.ts'

/** Members of each workbook: those that came from one zip with a list of sheets. */
export function workbooksIn(input: OpenedInput): readonly (readonly InputMember[])[] {
  const byRoot = new Map<string, InputMember[]>()
  for (const member of input.members) {
    if (!isWorkbookPart(member.name)) continue
    const root = member.root ?? ''
    const list = byRoot.get(root)
    if (list) list.push(member)
    else byRoot.set(root, [member])
  }
  return [...byRoot.values()].filter((members) => members.some(({ name }) => name === workbookPart))
}

/** The members that belong to no workbook. */
export function besideWorkbooks(input: OpenedInput): readonly InputMember[] {
  const inside = new Set(workbooksIn(input).flat())
  return input.members.filter((member) => !inside.has(member))
}
