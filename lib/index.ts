// Application

export {
  Application,
  type ApplicationOptions,
  type HttpRoutes,
} from './application.ts';
export { createApplication } from './create-application.ts';
export type { RateLimitedMessage, RateLimiter } from './enhancers/rate-limiter.ts';
export type { DeflateOptions, Origins, RouteOptions, RouteOptionsFactory } from './metadata/route-options.ts';
export type { Limits } from './routing/limits.ts';
export type { Route } from './routing/route.ts';
export type { CloseOptions } from './server/drain.ts';
export type { Fetch } from './server/http-routes.ts';
export type { ListenOptions } from './server/web-socket-server.ts';
export { jsonSchemaOf } from './validation/json-schema/json-schema-of.ts';
export type { DtoReport, ValidationOptions } from './validation/validation.ts';

// Controllers

export { Emits, type EventsOf } from './decorators/emits.ts';
export { JsonSchema } from './decorators/json-schema.ts';
export {
  BeforeHandle,
  OnAuth,
  OnClose,
  OnDrain,
  OnError,
  OnOpen,
  OnPing,
  OnPong,
  Parse,
  Transform,
  UpgradeHeaders,
} from './decorators/lifecycle.ts';
export { OnMessage, ParseMessage, TransformMessage } from './decorators/on-message.ts';
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
export { RateLimit } from './decorators/rate-limit.ts';
export { type Returnable, Returns, type ValueOf } from './decorators/returns.ts';
export { WebSocketRoute } from './decorators/web-socket-route.ts';
export type { PathParams } from './routing/path-params.ts';

// Guards and interceptors and filters

export { createParamDecorator } from './decorators/create-param-decorator.ts';
export {
  applyDecorators,
  Catch,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from './decorators/enhancers.ts';
export type { ParameterPipe } from './decorators/parameters.ts';
export type { CallResult } from './enhancers/call-result.ts';
export type { CanActivate, GuardResult } from './enhancers/can-activate.ts';
export { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from './enhancers/enhancer-metadata.ts';
export { type CurrentEvent, EventContext } from './enhancers/event-context.ts';
export { BaseWsExceptionFilter, type ExceptionFilter } from './enhancers/exception-filter.ts';
export {
  type ArgumentsHost,
  ExecutionContext,
  type HttpArgumentsHost,
  type Phase,
  type WsArgumentsHost,
} from './enhancers/execution-context.ts';
export type { CallHandler, NestInterceptor } from './enhancers/nest-interceptor.ts';
export {
  type CreateDecoratorOptions,
  type ReflectableDecorator,
  Reflector,
  SetMetadata,
} from './enhancers/reflector.ts';

// Connection

export { Connection } from './connection/connection.ts';
export type { ConnectionData } from './connection/connection-data.ts';
export type { ConnectionUser } from './connection/connection-user.ts';
export { type EventReply, event } from './connection/event-reply.ts';
export { Handshake } from './connection/handshake.ts';
export { Publisher, type PublisherTarget } from './connection/publisher.ts';
export { RequestError, type RequestOptions } from './connection/requests.ts';
export type { SendStatus } from './connection/sending.ts';
export type { SessionAnswer } from './connection/session.ts';
export { TopicLimitError } from './connection/topic-limit-error.ts';
export type { TopicTarget } from './connection/topic-target.ts';
export type { DisconnectOptions, UserTarget } from './connection/user-target.ts';

// Modules and injection

export { Inject, Injectable, Optional } from './decorators/injectable.ts';
export { Global, Module } from './decorators/module.ts';
export type {
  ConfigurableModule,
  ConfigurableModuleAsyncOptions,
  ConfigurableModuleClass,
  ConfigurableModuleOptionsFactory,
} from './injection/configurable-module.ts';
export {
  ConfigurableModuleBuilder,
  type ConfigurableModuleBuilderOptions,
} from './injection/configurable-module-builder.ts';
export type { OnConnectionClose } from './injection/connection-scope.ts';
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
export { INQUIRER, REQUEST, Scope, type ScopeOptions } from './injection/scope.ts';
export { forwardRef, type Token, type Type } from './injection/token.ts';

// Enhancers

export { DefaultValuePipe } from './enhancers/default-value-pipe.ts';
export { ParseArrayPipe, type ParseArrayPipeOptions } from './enhancers/parse-array-pipe.ts';
export { ParseBoolPipe } from './enhancers/parse-bool-pipe.ts';
export { ParseDatePipe, type ParseDatePipeOptions } from './enhancers/parse-date-pipe.ts';
export { ParseEnumPipe } from './enhancers/parse-enum-pipe.ts';
export type { ParsePipeOptions } from './enhancers/parse-failure.ts';
export { ParseFloatPipe } from './enhancers/parse-float-pipe.ts';
export { ParseIntPipe } from './enhancers/parse-int-pipe.ts';
export { ParseUUIDPipe, type ParseUUIDPipeOptions, type UuidVersion } from './enhancers/parse-uuid-pipe.ts';
export type { ArgumentMetadata, ArgumentSource, PipeTransform } from './enhancers/pipe-transform.ts';
export type { ValidationError } from './enhancers/validation-errors.ts';
export { ValidationPipe } from './enhancers/validation-pipe.ts';
export type { ValidationPipeOptions } from './enhancers/validation-pipe-options.ts';

// Errors

export { HttpException, type HttpExceptionOptions } from './enhancers/http-exception.ts';
export {
  BadGatewayException,
  BadRequestException,
  ConflictException,
  ForbiddenException,
  GatewayTimeoutException,
  GoneException,
  HttpVersionNotSupportedException,
  ImATeapotException,
  InternalServerErrorException,
  MethodNotAllowedException,
  MisdirectedException,
  NotAcceptableException,
  NotFoundException,
  NotImplementedException,
  PayloadTooLargeException,
  PreconditionFailedException,
  RequestTimeoutException,
  ServiceUnavailableException,
  UnauthorizedException,
  UnprocessableEntityException,
  UnsupportedMediaTypeException,
} from './enhancers/http-exceptions.ts';
export { HttpStatus } from './enhancers/http-status.ts';
export { type WsErrorBody, WsException } from './enhancers/ws-exception.ts';
export {
  type ConfigurationCode,
  ConfigurationError,
  type Issue,
  type Mistake,
  OutgoingError,
  type WireCode,
} from './errors.ts';

// Logging and metrics and health

export type { HealthOptions } from './observability/health.ts';
export { consoleLogger, type Logger, type LogLevel } from './observability/logger.ts';
export {
  type Counter,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type Labelled,
  type Labels,
  type MetricOptions,
  Metrics,
} from './observability/metrics.ts';
export type { AllowMetrics, MetricsOptions } from './observability/metrics-options.ts';
export type { TracingOptions } from './observability/tracing.ts';
export type { FatalHandler, FatalOrigin, FatalOutcome, OnFatal } from './server/fatal-errors.ts';
