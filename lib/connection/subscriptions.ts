import type { ServerWebSocket } from 'bun';
import type { ServedConnectionRoute } from './connection-route.ts';
import { TopicLimitError } from './topic-limit-error.ts';
import { assertTopic, type Subscriber } from './topics.ts';

const LONGEST_TOPIC = 255;
const CONTROL_CHARACTER = /\p{Cc}/u;

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
  assertRoom(member, topic);
  if (!route.isMeasured) return socket.subscribe(topic);
  member.measuredTopics ??= new Set();
  member.measuredTopics.add(topic);
  route.topics.join(topic, member);
  return true;
}

/** Throws where the topic would be one too many, or where it is no name. */
function assertRoom(member: TopicMember, topic: string): void {
  if (topic.length > LONGEST_TOPIC || CONTROL_CHARACTER.test(topic)) {
    throw new TopicLimitError(
      `A topic has at most ${LONGEST_TOPIC} characters, none of them a control character`,
    );
  }
  const { route, measuredTopics, socket } = member;
  const count = route.isMeasured ? (measuredTopics?.size ?? 0) : (socket?.subscriptions.length ?? 0);
  if (count < route.maxTopics || isSubscribed(member, topic)) return;
  throw new TopicLimitError(`A connection has at most ${route.maxTopics} topics`);
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
  if (member.measuredTopics === null) return;
  for (const topic of member.measuredTopics) member.route.topics.leave(topic, member);
  member.measuredTopics = null;
}
