import type { ClassTransformOptions } from 'class-transformer';

interface Restriction {
  readonly groups?: string[];
  readonly since?: number;
  readonly until?: number;
}

/** Whether the version and the groups of class-transformer's options let a decorator of its own count. */
export function isInForce(restriction: Restriction | undefined, options: ClassTransformOptions): boolean {
  const { groups = [], since, until } = restriction ?? {};
  const { version, groups: asked } = options;
  if (version !== undefined && ((since && !(version >= since)) || (until && !(version < until))))
    return false;
  if (!asked?.length) return groups.length === 0;
  return restriction?.groups === undefined || asked.some(group => groups.includes(group));
}
