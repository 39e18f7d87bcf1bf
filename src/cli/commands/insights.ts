/** `insights`: findings, each with the command to look closer; silence when there is nothing. */
import type { ViewOf } from '../../app/index.ts'
import { Failure } from '../../foundation/index.ts'
import { ask } from '../ask.ts'
import type { Invocation } from '../invocation.ts'
import { oneLine } from '../present/terminal.ts'
import { daysOf } from '../when.ts'

type Finding = ViewOf<'insights'>['findings'][number]

const headings: Readonly<Record<Finding['kind'], string>> = {
  unusual: 'Unusual for you',
  change: 'What changed lately',
  together: 'What moves together',
  record: 'Records',
  streak: 'Streaks',
  quality: 'The data itself',
}

export async function run(invocation: Invocation): Promise<void> {
  const { output } = invocation
  const view = await ask(invocation, 'insights', await daysOf(invocation))
  if (output.format === 'json') return output.json(view)
  if (output.format === 'ndjson') return output.ndjson(view.findings)
  if (view.looked === 0) {
    throw new Failure('NOT_FOUND', 'there are no records to look at yet', {
      hint: 'healthmate import auto FILE, or healthmate log weight 81.4kg',
    })
  }
  for (const kind of Object.keys(headings) as Finding['kind'][]) {
    const findings = view.findings.filter((finding) => finding.kind === kind)
    if (findings.length === 0) continue
    output.result(output.style.strong(headings[kind]))
    for (const { text, look } of findings) {
      output.result(`  ${oneLine(text)}`)
      output.result(`    ${output.style.dim(oneLine(look))}`)
    }
  }
  if (view.newest !== null) {
    output.note(
      `Nothing was measured in the four weeks up to ${view.asOf}: healthmate insights --to ${view.newest}`,
    )
  } else if (view.findings.length === 0) {
    output.note(`Nothing stands out as of ${view.asOf} (${view.looked} series looked at).`)
  }
}
