export { startSandboxWaapify, type SandboxWaapifyOptions } from './start';
export { WAAPIFY_FAULTS, type WaapifyFaultInput, type WebhookFaultInput } from './faults';
export type { HostedFileInput } from './mediaHost';
export type { AutoPatch, NewInstance } from './records/instances';
export type { WaapifySettingsPatch } from './settings';
export type { CustomerMessage, PhoneMessage, Told } from './webhooks/people';
export type { WaapifyInstance, WaapifyRequest, WaapifySend, WaapifyWebhook } from './records/types';
export type { SandboxWaapify } from './standIn';
