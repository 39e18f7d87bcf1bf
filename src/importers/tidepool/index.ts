/** Tidepool: the data that app.tidepool.org exports as JSON or as an Excel workbook. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { readMembers } from '../member-chunks.ts'
import { isWorkbookPart, workbookPart } from '../xlsx/workbook.ts'
import { readTidepool, readTidepoolTable, readTidepoolWorkbooks } from './read.ts'

const datumType =
  /"type"\s*:\s*"(?:cbg|smbg|bolus|basal|wizard|bloodKetone|pumpSettings|deviceEvent|physicalActivity|reportedState|upload|food|insulin)"/
const datumKey = /"(?:uploadId|deviceTime|timezoneOffset|conversionOffset|clockDriftOffset)"\s*:/
const sheetName = /<(?:\w+:)?sheet\b[^>]*\bname="(?:CGM|SMBG|Bolus Calculator|Basal Schedules)"/
const typeHeader = 'Tidepool Data Type'

export const tidepool: Importer = {
  name: 'tidepool',
  title: 'Tidepool data export',
  needs: 'TidepoolExport.json, TidepoolExport.xlsx, or a sheet of it saved as CSV',
  whereToGet: 'app.tidepool.org: Settings, Export My Data.',
  maps: ['carbohydrates', 'cgm_glucose', 'glucose', 'insulin_dose', 'ketones', 'workout'],
  testedWith: [{ kind: 'specification', what: "the data model's types, JSON, workbook and CSV" }],
  recognises: async (name, head) => {
    if (name === workbookPart) return sheetName.test(Buffer.from(await head()).toString('utf8'))
    if (isWorkbookPart(name)) return false
    const bytes = await head()
    const text = jsonHead(bytes)
    if (text !== '') return datumType.test(text) && datumKey.test(text)
    return firstRows(bytes, 1)[0]?.includes(typeHeader) === true
  },
  accompanies: (name, beside) => (beside.includes(workbookPart) && isWorkbookPart(name) ? 'own' : undefined),
  read: async (input, intake) => {
    const rest = await readTidepoolWorkbooks(input, intake)
    if (intake.interrupted || (rest.length === 0 && input.members.length > 0)) return
    await readMembers({ ...input, members: rest }, intake, {
      what: 'Tidepool export',
      hint: 'app.tidepool.org: Settings, Export My Data.',
      recognises: tidepool.recognises,
      read: async (member, totalBytes) => {
        const isJson = jsonHead(await member.head()) !== ''
        await (isJson ? readTidepool : readTidepoolTable)(member, totalBytes, intake)
      },
    })
  },
}
