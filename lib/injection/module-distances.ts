import type { ModuleNode } from './graph.ts';

/** Sets how far each module is from the root, on the longest way of imports that goes in no circle. */
export function measureDistances(root: ModuleNode, globals: readonly ModuleNode[]): void {
  root.distance = 0;
  const passed = new Set<ModuleNode>();
  for (const module of importersFirst(root)) {
    passed.add(module);
    for (const imported of module.imports) {
      if (!passed.has(imported)) imported.distance = Math.max(imported.distance, module.distance + 1);
    }
  }
  for (const module of globals) module.distance = Number.POSITIVE_INFINITY;
}

/** Every module before those it imports; where imports go in a circle, the one met first. */
function importersFirst(root: ModuleNode): readonly ModuleNode[] {
  const seen = new Set<ModuleNode>();
  const order: ModuleNode[] = [];
  const visit = (module: ModuleNode): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const imported of module.imports) visit(imported);
    order.unshift(module);
  };
  visit(root);
  return order;
}
