// Modules

export { Test } from './test.ts';
export { type OverrideBy, type OverrideFactory, TestingModuleBuilder } from './testing-module-builder.ts';

// Application

export { TestingApplication } from './testing-application.ts';

// Client

export type { ConnectOptions } from './connect-options.ts';
export { ErrorReply } from './error-reply.ts';
export type { Closed } from './inbox.ts';
export { TestClient } from './test-client.ts';
export { UpgradeRefused } from './upgrade-refused.ts';
