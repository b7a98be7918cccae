import type { Mistake } from '../../../lib/errors.ts';
import { Container, type ContainerOptions } from '../../../lib/injection/container.ts';

/** A container whose singletons are created. */
export async function startContainer(root: unknown, options: ContainerOptions = {}): Promise<Container> {
  const container = await Container.create(root, options);
  await container.instantiate();
  return container;
}

/** What is wrong with the modules from a root on. */
export async function mistakesOf(root: unknown, options: ContainerOptions = {}): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  await Container.create(root, { ...options, mistakes });
  return mistakes;
}
