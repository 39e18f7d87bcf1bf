/** Experiments of one person: a plan that is fixed first, phases, a paired analysis, a report that knows its limits. */
export type { ArmSummary, Effect, ExperimentAnalysis } from './analysis.ts'
export {
  type Arm,
  type Block,
  blocksOf,
  type ExpectedDirection,
  type ExperimentDesign,
  type ExperimentPlan,
  endDayOf,
  planExperiment,
} from './plan.ts'
export {
  type ExperimentReport,
  type ExperimentState,
  type ExperimentSubject,
  reportExperiment,
} from './report.ts'
