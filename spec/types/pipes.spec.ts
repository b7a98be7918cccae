import { plainToInstance } from 'class-transformer';
import type { ArgumentMetadata, PipeTransform } from 'gatewire';
import { describe, expectTypeOf, it } from 'vitest';

/** As NestJS's documentation writes a pipe. */
class InstancePipe implements PipeTransform {
  async transform(value: unknown, { metatype }: ArgumentMetadata) {
    return metatype ? plainToInstance(metatype, value) : value;
  }
}

class LengthPipe implements PipeTransform<string, number> {
  transform(value: string, _metadata: ArgumentMetadata): number {
    return value.length;
  }
}

describe('a pipe of a user', () => {
  it('may leave its types out', () => {
    expectTypeOf<InstancePipe>().toExtend<PipeTransform>();
  });

  it('may name what it takes and gives', () => {
    expectTypeOf<LengthPipe>().toExtend<PipeTransform<string, number>>();
    expectTypeOf<PipeTransform<string, number>['transform']>().returns.toEqualTypeOf<number>();
  });
});
