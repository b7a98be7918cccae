/** The hand-written checks that everything is measured against: same rules, same result, same report as the DTOs. */

export interface Message {
  message: string;
  room: string;
  seq: number;
  tags: string[];
  author: { uuid: string; name: string };
}

export interface Join {
  room: string;
  name: string;
  limit: number;
}

export interface Issue {
  path: string;
  rule: string;
  message: string;
}

const ROOM = /^[a-z0-9-]{1,32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The message, without what is not declared; its issues when it is not valid. */
export function readMessage(value: unknown): Message | Issue[] {
  if (typeof value !== 'object' || value === null) return [issue('', 'isObject', 'must be an object')];
  const { message, room, seq, tags, author } = value as Message;
  if (
    isText(message, 1, 500) &&
    typeof room === 'string' &&
    ROOM.test(room) &&
    isCount(seq) &&
    isTags(tags) &&
    typeof author === 'object' &&
    author !== null &&
    typeof author.uuid === 'string' &&
    UUID.test(author.uuid) &&
    isText(author.name, 1, 40)
  ) {
    return { message, room, seq, tags, author: { uuid: author.uuid, name: author.name } };
  }
  return explain(value as Message);
}

/** The query, its number read; `undefined` when it is not valid. */
export function readJoin(url: string): Join | undefined {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const room = query.get('room');
  const name = query.get('name');
  const limit = query.get('limit');
  if (room === null || !ROOM.test(room)) return undefined;
  if (name === null || !isText(name, 1, 40)) return undefined;
  if (limit === null || !/^\d{1,3}$/.test(limit)) return undefined;
  const number = Number(limit);
  return number >= 1 && number <= 100 ? { room, name, limit: number } : undefined;
}

/** The first frame of a connection whose query was valid. */
export function greeting({ room, name, limit }: Join): string {
  return `${room} ${name} ${limit}`;
}

export function refusal(issues: readonly object[]): string {
  return JSON.stringify({ error: { code: 'validation_failed', message: 'Validation failed', issues } });
}

function explain({ message, room, seq, tags, author }: Message): Issue[] {
  const issues: Issue[] = [];
  if (!isText(message, 1, 500))
    issues.push(issue('message', 'isLength', 'message must have 1 to 500 characters'));
  if (typeof room !== 'string' || !ROOM.test(room))
    issues.push(issue('room', 'matches', 'room must match [a-z0-9-]'));
  if (!isCount(seq)) issues.push(issue('seq', 'min', 'seq must be an integer from 0'));
  if (!isTags(tags)) issues.push(issue('tags', 'isString', 'tags must be at most 8 strings'));
  if (typeof author !== 'object' || author === null) {
    issues.push(issue('author', 'isObject', 'author must be an object'));
    return issues;
  }
  if (typeof author.uuid !== 'string' || !UUID.test(author.uuid)) {
    issues.push(issue('author.uuid', 'isUuid', 'uuid must be a UUID'));
  }
  if (!isText(author.name, 1, 40)) {
    issues.push(issue('author.name', 'isLength', 'name must have 1 to 40 characters'));
  }
  return issues;
}

function isText(value: unknown, shortest: number, longest: number): boolean {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isTags(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 8) return false;
  for (const tag of value) if (typeof tag !== 'string') return false;
  return true;
}

function issue(path: string, rule: string, message: string): Issue {
  return { path, rule, message };
}
