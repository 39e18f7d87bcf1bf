/** `import history` and `import undo`. */
import { Failure, formatInstant } from '../../foundation/index.ts'
import type { Entity, JsonValue } from '../../records/index.ts'
import { entityBeginning } from '../entity-fields.ts'
import type { UseCase } from '../use-case.ts'

export interface ImportHistoryView {
  readonly imports: readonly {
    readonly id: string
    readonly format: string
    readonly files: readonly string[]
    readonly at: string
    readonly state: 'done' | 'interrupted' | 'undone'
    readonly report: JsonValue
  }[]
  readonly count: number
}

export const importHistoryUseCase: UseCase<Record<string, never>, ImportHistoryView> = {
  name: 'import.history',
  scope: 'read',
  async run(context) {
    const imports = context
      .vault()
      .entities('import')
      .toSorted((a, b) => Number(a.fields['startedMs']) - Number(b.fields['startedMs']))
      .map(({ id, fields }) => {
        const startedMs = Number(fields['startedMs'] ?? 0)
        return {
          id,
          format: String(fields['format']),
          files: (fields['files'] as readonly string[] | undefined) ?? [],
          at: formatInstant(startedMs, context.offsetAt(startedMs)),
          state: stateOf(fields),
          report: fields['report'] ?? null,
        }
      })
    return { imports, count: imports.length }
  },
}

function stateOf(fields: Entity['fields']): 'done' | 'interrupted' | 'undone' {
  if (fields['withdrawn'] === true) return 'undone'
  return fields['finishedMs'] === undefined ? 'interrupted' : 'done'
}

/** The stored report of one import: complete once everything it sealed is merged. */
export const importReportUseCase: UseCase<{ readonly id: string }, { readonly report: JsonValue }> = {
  name: 'import.report',
  scope: 'read',
  run: async (context, args) => ({
    report: context.vault().entity('import', args.id)?.fields['report'] ?? null,
  }),
}

export interface ImportUndoView {
  readonly id: string
  readonly files: readonly string[]
  /** Measurements that are gone: those that nothing else asserts. */
  readonly removed: number
  readonly dryRun: boolean
}

export const importUndoUseCase: UseCase<{ readonly id: string; readonly dryRun?: boolean }, ImportUndoView> =
  {
    name: 'import.undo',
    scope: 'read',
    async run(context, args) {
      const vault = context.vault()
      const entity = entityBeginning(context, 'import', args.id)
      if (!entity) {
        throw new Failure('NOT_FOUND', `there is no import ${args.id.slice(0, 40)}`, {
          hint: 'healthmate import history',
        })
      }
      if (entity.fields['withdrawn'] === true) {
        throw new Failure('USAGE', 'this import is undone already', {
          hint: 'Import the file again to bring it back.',
        })
      }
      const before = vault.info().observations
      const work = (): number => {
        vault.withdrawImport(entity.id)
        return before - vault.info().observations
      }
      const removed = args.dryRun ? await vault.rehearse(work) : work()
      const files = (entity.fields['files'] as readonly string[] | undefined) ?? []
      return { id: entity.id, files, removed, dryRun: args.dryRun === true }
    },
  }
