// Application
export { Application, type ApplicationOptions, type CloseOptions, createApplication } from './application.ts';
// Connection
export { Connection, type SendStatus } from './connection/connection.ts';
export { type EventReply, event } from './connection/event-reply.ts';
export { Handshake } from './connection/handshake.ts';
export { type ExceptableTarget, Publisher } from './connection/publisher.ts';
export { RequestError, type RequestOptions } from './connection/requests.ts';
export type { TopicTarget } from './connection/topic-target.ts';
// Injection
export { Inject, Injectable, Optional } from './decorators/injectable.ts';
// Controllers
export {
  BeforeHandle,
  OnClose,
  OnDrain,
  OnError,
  OnOpen,
  OnPing,
  OnPong,
} from './decorators/lifecycle.ts';
export { Global, Module } from './decorators/module.ts';
export { OnMessage } from './decorators/on-message.ts';
export {
  CloseCode,
  CloseReason,
  ConnectedSocket,
  Cookies,
  EventName,
  Headers,
  MessageBody,
  Param,
  Query,
  Signal,
} from './decorators/parameters.ts';
export { WebSocketRoute } from './decorators/web-socket-route.ts';
// Errors
export { HttpException, type HttpExceptionOptions } from './enhancers/http-exception.ts';
export * from './enhancers/http-exceptions.ts';
export { type WsErrorBody, WsException } from './enhancers/ws-exception.ts';
export {
  type ConfigurationCode,
  ConfigurationError,
  type Issue,
  type Mistake,
  type WireCode,
} from './errors.ts';
export type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
} from './injection/lifecycle.ts';
export type { DynamicModule, ModuleMetadata } from './injection/module-metadata.ts';
export { type LookupOptions, ModuleRef } from './injection/module-ref.ts';
export type {
  ClassProvider,
  ExistingProvider,
  FactoryProvider,
  Provider,
  ValueProvider,
} from './injection/provider.ts';
export { forwardRef, type Token, type Type } from './injection/token.ts';
export type { Origins, RouteOptions, RouteOptionsFactory } from './metadata/route-options.ts';
// Logging
export { consoleLogger, type Logger } from './observability/logger.ts';
export type { Route } from './routing/route.ts';
export type { HttpOptions } from './server/http-routes.ts';
export type { ListenOptions } from './server/web-socket-server.ts';
export type { ValidationOptions } from './validation/validation.ts';
