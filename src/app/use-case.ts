/**
 * A use case is one thing a person can ask. Its arguments and its view (the answer) are JSON, so that it runs the
 * same in this process and in the unlock agent; presentation only formats the view.
 */
import type { JsonValue } from '../records/index.ts'
import type { AppContext } from './context.ts'

/**
 * What a use case needs. `none`: no vault. `append`: adds records, works while locked. `read`: reads or edits records
 * through an unlocked vault, or the agent. `admin`: handles keys or lets data leave: always needs a secret anew, never
 * the agent.
 */
export type Scope = 'none' | 'append' | 'read' | 'admin'

export interface UseCase<Args, View> {
  /** `list`, `vault.check`: also the name on the agent's socket. */
  readonly name: string
  readonly scope: Scope
  run(context: AppContext, args: Args): Promise<View>
}

/** Type erasure for the registry; arguments come from our own command layer or the agent's socket. */
export type AnyUseCase = UseCase<never, JsonValue | object>
