export { startSandboxGhl, type SandboxGhlOptions } from './start';
export { GHL_FAULTS, type GhlFaultInput } from './faults';
export type { AgentMessage, AgentSent } from './agent/messages';
export type { AppEvent } from './agent/events';
export type { GhlSettingsPatch } from './settings';
export type { Tamper } from './agent/signing';
export type { GhlContact, GhlJournalEntry, GhlLocation, GhlMessage, GhlProvider } from './records/types';
export type { SandboxGhl } from './standIn';
