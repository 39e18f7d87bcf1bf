/** The text of docs/import.md, made from the registry. */
import type { ImportFormatView } from '../../../src/app/import-formats.ts'

const kinds = {
  real: 'real',
  specification: "made to the maker's definition",
  generated: 'generated',
} as const

export function formatsPage(formats: readonly ImportFormatView[], pages: ReadonlySet<string>): string {
  const rows = formats.map((format) => {
    const tested = format.testedWith.map(({ kind, what }) => `${kinds[kind]}: ${what}`).join('<br>')
    // A format that is exported too has a page for each direction.
    const page = [`${format.name}-import`, format.name].find((one) => pages.has(one))
    const name = page ? `[${format.name}](formats/${page}.md)` : format.name
    return `| ${[name, format.title, format.needs, tested].map(cell).join(' | ')} |`
  })
  const sections = formats.map(
    ({ name, title, whereToGet, maps }) => `### ${name}\n${title}. ${whereToGet}\n\n${becomes(maps)}`,
  )
  return `${head}
| name | what | needs | tested with |
| --- | --- | --- | --- |
${rows.join('\n')}

*Real* files are exports of people, counted by an independent script. Where none could be had with a licence to use it, files
were made to the maker's definition.

## Where to get an export, and what it becomes
${sections.join('\n\n')}
`
}

/** Longer lists help nobody who reads. */
const maxListed = 80

function becomes(maps: readonly string[]): string {
  if (maps.length <= maxListed) return wrapped(`Becomes: ${maps.join(', ')}.`)
  return `Becomes one of ${maps.length} metrics and entries; \`healthmate import formats --json\` lists them.`
}

function wrapped(text: string): string {
  return text.replaceAll(/(.{1,120})(?: |$)/g, '$1\n').trimEnd()
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

const head = `# Importing

This page is generated from the registry of importers; a test holds it current
(\`npx vitest run tests/unit/importers/formats-page.test.ts -u\` writes it anew).

\`\`\`
healthmate import auto PATH...
healthmate import FORMAT PATH... [--dry-run] [--since DATE] [--tz ZONE] [--unit METRIC=UNIT] [--whose NAME] [--map NAME] [--watch]
\`\`\`

A path is a file, a zip, a folder, or \`-\` for standard input. \`auto\` gives every file, those inside zips and folders too (and
inside zips in zips, one level deep), to the format that recognises it by its content; several formats may lie side by side.
Files named \`.gz\` (\`export.xml.gz\`, \`Observation.ndjson.gz\`) are read unpacked; one that is cut off is refused where it ends.
What no format recognises is listed with what it looks like.

- **Counted exactly.** Every record ends in one of: imported, merged, already there, skipped (\`--since\`, \`--whose\`), refused (with file
  and line), without a metric (kept as it is). \`--json\` gives the counts by metric and by format.
- **Never double.** The same export, a later one, or parts of it add only what is new. \`import undo ID\` takes one import back
  and keeps what another asserts. What you removed or changed stays so.
- **Zones.** Times that an export writes without a zone are taken in \`--tz\`, else in the zone that the export itself states,
  else in your own (\`healthmate config set time-zone Europe/Berlin\`), else in this computer's; a note says which was taken.
  A file that is imported again with another zone is told, with the earlier import to undo: its times are others then.
- **Units** are read from the export. Where it leaves one out, \`--unit weight=kg\` states it; without that the records are
  refused with the question, never guessed.
- **Several people** in a file (a family's scale, a clinic's export) or in several files: the report names them and what may be another's
  is refused. Of clinical files (C-CDA, then HL7 v2, then FHIR, whatever is named first) the first person is taken, one an import;
  \`--whose NAME\` takes one person's and skips the others', whole files of others included.
- **Memory**: an import needs less than 300 MB whatever the size of the file and the number of its entries.
  Deriving the key from the passphrase before it takes what was chosen when the vault was made (64 MiB to
  1 GiB) and gives it back; the unlock agent has done it already.
- **Interrupted** with Ctrl-C, the same command goes on where it stopped.
- **Locked**, everything is sealed and merges at the next unlock; the report in \`import history\` is then complete.
- **\`--watch\`** keeps running and imports what arrives in a folder, each thing once and when it is complete: a file that
  still grows or is called \`.part\` or \`.crdownload\` waits, one that is only renamed is known.

## Formats
`
