/** `inbox list|accept|reject`: what came in while the vault was locked. */
import { formatInstant } from '../../foundation/index.ts'
import { drainInbox } from '../inbox.ts'
import type { UseCase } from '../use-case.ts'

export interface InboxListView {
  readonly entries: readonly {
    readonly id: string
    readonly label: string
    readonly at: string | null
    readonly state: 'pending' | 'damaged'
    readonly reason: string | null
  }[]
  readonly count: number
  /** Entries still sealed, because the person holds them back. */
  readonly sealed: number
}

export const inboxListUseCase: UseCase<Record<string, never>, InboxListView> = {
  name: 'inbox.list',
  scope: 'read',
  async run(context) {
    const entries = context
      .vault()
      .inboxItems()
      .map(({ id, label, atMs, state, reason }) => {
        const at = atMs === null ? null : formatInstant(atMs, context.offsetAt(atMs))
        return { id, label, at, state, reason }
      })
    return { entries, count: entries.length, sealed: context.locked().info().inboxEntries }
  },
}

export interface InboxDecisionArgs {
  /** Everything that waits when left out. */
  readonly ids?: readonly string[]
}

/** What is held back is merged first. */
export const inboxAcceptUseCase: UseCase<InboxDecisionArgs, { readonly decided: number }> = {
  name: 'inbox.accept',
  scope: 'read',
  async run(context, args) {
    await drainInbox(context, () => {})
    return { decided: context.vault().acceptInbox(args.ids) }
  },
}

export const inboxRejectUseCase: UseCase<InboxDecisionArgs, { readonly decided: number }> = {
  name: 'inbox.reject',
  scope: 'read',
  async run(context, args) {
    await drainInbox(context, () => {})
    return { decided: context.vault().rejectInbox(args.ids) }
  },
}

/** Merges what the client sealed for the agent; used after an import that ran beside an unlocked agent. */
export const inboxDrainUseCase: UseCase<
  Record<string, never>,
  { readonly entries: number; readonly observations: number; readonly damaged: number }
> = {
  name: 'inbox.drain',
  scope: 'read',
  run: (context) => drainInbox(context, () => {}),
}
