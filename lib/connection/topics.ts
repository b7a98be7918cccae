/**
 * Throws for a topic name that could not be subscribed to.
 *
 * @throws TypeError unless it is a non-empty string.
 */
export function assertTopic(topic: string): void {
  if (typeof topic === 'string' && topic !== '') return;
  throw new TypeError(
    `a topic is a non-empty string (got ${topic === '' ? 'an empty string' : typeof topic})`,
  );
}
