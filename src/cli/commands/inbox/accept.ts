import type { Invocation } from '../../invocation.ts'
import { decide } from './decide.ts'

export const run = (invocation: Invocation): Promise<void> => decide(invocation, 'accept')
