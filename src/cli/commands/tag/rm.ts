import type { Invocation } from '../../invocation.ts'
import { changeTags } from './change.ts'

export const run = (invocation: Invocation): Promise<number> => changeTags(invocation, 'rm')
