/** MedTimer: the backup (JSON) and the export of events (CSV) of the Android app. */
import { firstRows } from '../delimited/member-rows.ts'
import type { Importer } from '../importer.ts'
import { jsonHead } from '../json/member-values.ts'
import { readMembers } from '../member-chunks.ts'
import { isEventHeader, readBackup, readEventTable } from './read.ts'

export const medTimer: Importer = {
  name: 'medtimer',
  title: 'MedTimer backup and events',
  needs: 'the backup (JSON) or the event export (CSV)',
  whereToGet: 'MedTimer app, menu: Backup, or Export events to CSV.',
  maps: ['dose_event', 'medication', 'schedule'],
  testedWith: [{ kind: 'specification', what: 'the backup of database versions 3 to 23, the CSV of events' }],
  recognises: async (_name, head) => {
    const bytes = await head()
    const text = jsonHead(bytes)
    if (text === '') return firstRows(bytes, 1).some(isEventHeader)
    return (
      /"(?:timeInMinutes|remindedTimestamp)"\s*:/.test(text) &&
      /"(?:medicineName|medicine|reminders|version)"\s*:/.test(text)
    )
  },
  read: (input, intake) =>
    readMembers(input, intake, {
      what: 'MedTimer export',
      hint: 'In MedTimer: menu, Backup; hand over the JSON.',
      recognises: medTimer.recognises,
      read: async (member, totalBytes) => {
        const isJson = jsonHead(await member.head()) !== ''
        await (isJson ? readBackup : readEventTable)(member, totalBytes, intake)
      },
    }),
}
