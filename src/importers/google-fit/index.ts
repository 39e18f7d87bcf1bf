/** Google Fit: the folder `Fit` of a Google Takeout, and saved datasets of the REST API. */
import type { Importer, InputMember, OpenedInput } from '../importer.ts'
import type { Intake } from '../intake.ts'
import { readMembers } from '../member-chunks.ts'
import { dayOfName, readTable, type TableKind, tableMetrics, tableOf } from './activity-tables.ts'
import { pointMetrics } from './data-types.ts'
import { readStream, streamOf } from './points.ts'
import { isSession, readSessions, sessionMetrics } from './sessions.ts'

export const googleFit: Importer = {
  name: 'google-fit',
  title: 'Google Fit (Google Takeout)',
  needs: 'the zip of the Takeout or its folder Fit, with all its files',
  whereToGet: 'takeout.google.com: deselect all, choose Fit, export once.',
  maps: [...new Set([...tableMetrics, ...pointMetrics, ...sessionMetrics])].sort(),
  testedWith: [
    { kind: 'real', what: '1 table of 1,053 days of 2018 to 2021' },
    {
      kind: 'specification',
      what: 'tables of quarter hours, data streams of every documented type, sessions',
    },
  ],
  recognises: async (name, head) =>
    /\.(csv|json)$|^stdin$/i.test(name) && kindOf(name, await head()) !== undefined,
  read: readGoogleFit,
}

type Kind = TableKind | 'stream' | 'session'

function kindOf(name: string, head: Uint8Array): Kind | undefined {
  const table = tableOf(name, head)
  if (table) return table
  const stream = streamOf(head)
  if (stream) return stream.dataType === '' || stream.dataType.includes('.') ? 'stream' : undefined
  return isSession(head) ? 'session' : undefined
}

/** What finer files of the export have, so that coarser ones do not say it again. */
interface Survey {
  /** Data types without `com.google.`. */
  readonly dataTypes: ReadonlySet<string>
  /** Days that have a table of quarters. */
  readonly days: ReadonlySet<string>
}

async function readGoogleFit(input: OpenedInput, intake: Intake): Promise<void> {
  const { dataTypes, days } = await survey(input.members)
  const read = async (member: InputMember, totalBytes: number | null) => {
    const kind = kindOf(member.name, await member.head())
    if (kind === 'stream') await readStream(member, totalBytes, intake)
    else if (kind === 'session') {
      await readSessions(member, totalBytes, intake, dataTypes.has('sleep.segment'))
    } else if (kind) {
      await readTable(member, kind, totalBytes, intake, (type, day) => dataTypes.has(type) || days.has(day))
    }
  }
  await readMembers(input, intake, {
    what: 'Google Fit file',
    hint: 'takeout.google.com: choose Fit; then import the zip.',
    recognises: googleFit.recognises,
    read,
  })
}

async function survey(members: readonly InputMember[]): Promise<Survey> {
  const dataTypes = new Set<string>()
  const days = new Set<string>()
  for (const member of members) {
    if (!/\.(csv|json)$/i.test(member.name)) continue
    const head = await member.head()
    const stream = streamOf(head)
    if (stream) dataTypes.add(stream.dataType.replace(/^com\.google\./, ''))
    else if (tableOf(member.name, head) === 'quarters') days.add(dayOfName(member.name))
  }
  return { dataTypes, days }
}
