import type { ServerWebSocket } from 'bun';
import type { ServedConnectionRoute } from './connection-route.ts';
import { assertTopic, type Subscriber } from './topics.ts';

/** A connection, as far as its topics go: Bun's own, or ours where its frames are measured. */
export interface TopicMember extends Subscriber {
  readonly route: ServedConnectionRoute;
  readonly socket: Pick<
    ServerWebSocket,
    'subscribe' | 'unsubscribe' | 'isSubscribed' | 'subscriptions'
  > | null;
  readonly end: object | null;
  /** The topics that Bun does not serve it. */
  measuredTopics: Set<string> | null;
}

export function subscribe(member: TopicMember, topic: string): boolean {
  assertTopic(topic);
  const { socket, route } = member;
  if (socket === null || member.end !== null) return false;
  if (!route.isMeasured) return socket.subscribe(topic);
  member.measuredTopics ??= new Set();
  member.measuredTopics.add(topic);
  route.topics.join(topic, member);
  return true;
}

export function unsubscribe(member: TopicMember, topic: string): boolean {
  assertTopic(topic);
  if (!member.route.isMeasured) return member.socket?.unsubscribe(topic) ?? false;
  member.measuredTopics?.delete(topic);
  return member.route.topics.leave(topic, member);
}

export function isSubscribed(member: TopicMember, topic: string): boolean {
  if (member.end !== null) return false;
  if (member.route.isMeasured) return member.measuredTopics?.has(topic) ?? false;
  return member.socket?.isSubscribed(topic) ?? false;
}

export function subscriptionsOf(member: TopicMember): readonly string[] {
  if (member.end !== null) return [];
  if (member.route.isMeasured) return [...(member.measuredTopics ?? [])];
  return member.socket?.subscriptions ?? [];
}

/** The member is gone: Bun forgets its topics by itself. */
export function leaveAll(member: TopicMember): void {
  for (const topic of member.measuredTopics ?? []) member.route.topics.leave(topic, member);
  member.measuredTopics = null;
}
