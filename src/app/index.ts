/** What a person can ask the program: use cases, settings, folders, dates, passphrases, the unlock agent. */
export { type AgentClient, findAgent } from './agent/client.ts'
export {
  type AgentHost,
  type AgentHostParts,
  defaultIdleMs,
  maxAbsoluteMs,
} from './agent/host.ts'
export type { AgentStatus } from './agent/protocol.ts'
export { serveAgent } from './agent/serve.ts'
export { startAgent } from './agent/start.ts'
export { type Analysis, type AnalysisRequest, loadAnalysis } from './analysis.ts'
export {
  assertNameFree,
  type Config,
  configPath,
  loadConfig,
  nameVault,
  resolveVaultPath,
  type SettingView,
  setSetting,
} from './config.ts'
export type { AppContext, Progress } from './context.ts'
export { parseWhen, type When } from './dates.ts'
export { type DoctorCheck, doctorReport } from './doctor.ts'
export { importFormats } from './import-formats.ts'
export { guessOf, type MappingQuestions, saveMapping } from './importing/mapping-file.ts'
export {
  changeVaultPassphrase,
  createNewVault,
  enrolVaultKeychain,
  isEnrolledInKeychain,
  keychainFinding,
  recoverVault,
  removeVaultKeychain,
  rotateVaultKeys,
  rotateVaultRecovery,
} from './keys.ts'
export type { LogRequest } from './logging/log-request.ts'
export {
  choosePassphraseSource,
  fromFile as passphraseFromFile,
  type PassphraseChoice,
  type PassphraseSources,
  readPassphrase,
} from './passphrase.ts'
export {
  canonicalPath,
  currentPlatform,
  defaultVaultPath,
  ensureRuntimeFolder,
  type Paths,
  type Platform,
  resolvePaths,
} from './paths.ts'
export { type ParsedPeriod, type PeriodOptions, parsePeriod } from './periods.ts'
export type { RecordView } from './record-view.ts'
export { type ArgsOf, type UseCaseName, useCases, type ViewOf } from './registry.ts'
export {
  contextOf,
  runUseCase,
  type SessionParts,
  systemClock,
} from './session.ts'
export type { ExportFormat } from './use-cases/export.ts'
export type { GoalDirection } from './use-cases/goal.ts'
export type { ImportArgs } from './use-cases/import.ts'
export type { ListView } from './use-cases/list.ts'
export type { LogView } from './use-cases/log.ts'
export { offsetOf, personZone } from './zone.ts'
