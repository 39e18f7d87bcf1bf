/** Every command of the program, in the order of `healthmate --help`. */
import type { CommandSpec } from './command.ts'
import { analysisCommands } from './table/analysis.ts'
import { exchangeCommands } from './table/exchange.ts'
import { forecastingCommands } from './table/forecasting.ts'
import { programCommands } from './table/program.ts'
import { recordCommands } from './table/records.ts'
import { vaultCommands } from './table/vault.ts'

export const commandTable: readonly CommandSpec[] = [
  ...vaultCommands,
  ...recordCommands,
  ...exchangeCommands,
  ...analysisCommands,
  ...forecastingCommands,
  ...programCommands,
]

/** Every path that names a command or a group, depth first: `med`, `med list`. */
export function commandPaths(
  specs: readonly CommandSpec[] = commandTable,
  parent = '',
): readonly { readonly path: string; readonly spec: CommandSpec }[] {
  return specs.flatMap((spec) => {
    const path = parent === '' ? spec.name : `${parent} ${spec.name}`
    return [{ path, spec }, ...commandPaths(spec.subcommands ?? [], path)]
  })
}
