import { HttpException, type HttpExceptionOptions } from './http-exception.ts';

type Response = string | object;
type DescriptionOrOptions = string | HttpExceptionOptions;

/** HTTP 400. */
export class BadRequestException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 400, { text: 'Bad Request', options }));
  }
}

/** HTTP 401. */
export class UnauthorizedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 401, { text: 'Unauthorized', options }));
  }
}

/** HTTP 403. */
export class ForbiddenException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 403, { text: 'Forbidden', options }));
  }
}

/** HTTP 404. */
export class NotFoundException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 404, { text: 'Not Found', options }));
  }
}

/** HTTP 405. */
export class MethodNotAllowedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 405, { text: 'Method Not Allowed', options }));
  }
}

/** HTTP 406. */
export class NotAcceptableException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 406, { text: 'Not Acceptable', options }));
  }
}

/** HTTP 408. */
export class RequestTimeoutException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 408, { text: 'Request Timeout', options }));
  }
}

/** HTTP 409. */
export class ConflictException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 409, { text: 'Conflict', options }));
  }
}

/** HTTP 410. */
export class GoneException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 410, { text: 'Gone', options }));
  }
}

/** HTTP 412. */
export class PreconditionFailedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 412, { text: 'Precondition Failed', options }));
  }
}

/** HTTP 413. */
export class PayloadTooLargeException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 413, { text: 'Payload Too Large', options }));
  }
}

/** HTTP 415. */
export class UnsupportedMediaTypeException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 415, { text: 'Unsupported Media Type', options }));
  }
}

/** HTTP 418. */
export class ImATeapotException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 418, { text: "I'm a teapot", options }));
  }
}

/** HTTP 421. */
export class MisdirectedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 421, { text: 'Misdirected', options }));
  }
}

/** HTTP 422. */
export class UnprocessableEntityException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 422, { text: 'Unprocessable Entity', options }));
  }
}

/** HTTP 500. */
export class InternalServerErrorException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 500, { text: 'Internal Server Error', options }));
  }
}

/** HTTP 501. */
export class NotImplementedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 501, { text: 'Not Implemented', options }));
  }
}

/** HTTP 502. */
export class BadGatewayException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 502, { text: 'Bad Gateway', options }));
  }
}

/** HTTP 503. */
export class ServiceUnavailableException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 503, { text: 'Service Unavailable', options }));
  }
}

/** HTTP 504. */
export class GatewayTimeoutException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 504, { text: 'Gateway Timeout', options }));
  }
}

/** HTTP 505. */
export class HttpVersionNotSupportedException extends HttpException {
  constructor(response?: Response, options?: DescriptionOrOptions) {
    super(...described(response, 505, { text: 'HTTP Version Not Supported', options }));
  }
}

function described(
  response: Response | undefined,
  status: number,
  { text, options }: { readonly text: string; readonly options: DescriptionOrOptions | undefined },
): [Response, number, HttpExceptionOptions] {
  const given = typeof options === 'string' ? { description: options } : (options ?? {});
  return [response ?? given.description ?? text, status, { description: text, ...given }];
}
