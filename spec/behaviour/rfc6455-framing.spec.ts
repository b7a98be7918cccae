import { frame, OPCODES } from '../support/frames.ts';
import {
  binary,
  bytes,
  closed,
  describeVectors,
  failed,
  fragments,
  got,
  ping,
  pong,
  text,
  type Vector,
} from '../support/rfc6455.ts';

const SIZES = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537];
const MIXED = Buffer.from(Array.from({ length: 65_537 }, (_, at) => (at * 7) % 256));
const MASK = [0x37, 0xfa, 0x21, 0x3d];

describeVectors('a data frame (RFC 6455 §5.2, §5.6)', [
  ...SIZES.map(size => ({
    name: `carries a text of ${size} bytes`,
    sends: [text('*'.repeat(size))],
    gets: [got('text', '*'.repeat(size))],
  })),
  ...SIZES.map(size => ({
    name: `carries ${size} bytes`,
    sends: [binary(MIXED.subarray(0, size))],
    gets: [got('binary', MIXED.subarray(0, size))],
  })),
  {
    name: 'arrives byte by byte',
    sends: [...text('byte by byte')].map(byte => Buffer.from([byte])),
    gets: [got('text', 'byte by byte')],
  },
  {
    name: 'shares a segment with others',
    sends: [Buffer.concat([text('one'), binary('two'), ping('three'), text('four')])],
    gets: [got('text', 'one'), got('binary', 'two'), got('pong', 'three'), got('text', 'four')],
  },
  {
    name: 'of 126 bytes arrives cut within its length',
    sends: [binary(MIXED.subarray(0, 126)).subarray(0, 3), binary(MIXED.subarray(0, 126)).subarray(3)],
    gets: [got('binary', MIXED.subarray(0, 126))],
  },
  {
    name: 'of 65 536 bytes arrives cut within its masking key',
    sends: [
      binary(MIXED.subarray(0, 65_536)).subarray(0, 12),
      binary(MIXED.subarray(0, 65_536)).subarray(12),
    ],
    gets: [got('binary', MIXED.subarray(0, 65_536))],
  },
]);

describeVectors('masking (RFC 6455 §5.3)', [
  {
    name: 'decodes the masked "Hello" of §5.7',
    sends: [Buffer.from('818537fa213d7f9f4d5158', 'hex')],
    gets: [got('text', 'Hello')],
  },
  {
    name: 'applies the key from the first byte of each fragment',
    sends: [
      frame({ opcode: OPCODES.text, payload: 'abcde', isFinal: false, mask: MASK }),
      frame({ opcode: OPCODES.continuation, payload: 'fghij', mask: [...MASK].reverse() }),
    ],
    gets: [got('text', 'abcdefghij')],
  },
  {
    name: 'covers a ping',
    sends: [frame({ opcode: OPCODES.ping, payload: 'masked', mask: MASK })],
    gets: [got('pong', 'masked')],
  },
  {
    name: 'covers 65 536 bytes',
    sends: [frame({ opcode: OPCODES.binary, payload: MIXED.subarray(0, 65_536), mask: MASK })],
    gets: [got('binary', MIXED.subarray(0, 65_536))],
  },
  ...(['text', 'binary', 'ping', 'close'] as const).map(kind => ({
    name: `is missed on a ${kind} frame`,
    sends: [
      frame({ opcode: OPCODES[kind], payload: kind === 'close' ? bytes(3, 232) : 'bare', isMasked: false }),
    ],
    gets: [failed(1002)],
  })),
  {
    name: 'is missed on an empty frame',
    sends: [frame({ opcode: OPCODES.text, isMasked: false })],
    gets: [failed(1002)],
  },
]);

describeVectors('the declared length (RFC 6455 §5.2)', [
  {
    name: 'has its most significant bit set',
    sends: [Buffer.from(`82ff8000000000000001${'00'.repeat(4)}`, 'hex')],
    gets: [failed(1009)],
  },
  {
    name: 'is more than the limit, before any payload',
    sends: [frame({ opcode: OPCODES.binary, length: 2 ** 20 + 1 })],
    gets: [failed(1009)],
  },
  {
    name: 'is more than the limit in the sum of its fragments',
    sends: [...fragments(OPCODES.binary, new Uint8Array(2 ** 20), bytes(1))],
    gets: [failed(1009)],
  },
  // The RFC wants as few bytes as it takes; Bun reads on, and so does Gatewire.
  ...([2, 8] as const).map(lengthBytes => ({
    name: `of 5 is read from ${lengthBytes} bytes`,
    sends: [frame({ opcode: OPCODES.text, payload: 'Hello', lengthBytes })],
    gets: [got('text', 'Hello')],
  })),
]);

describeVectors('reserved bits (RFC 6455 §5.2)', [
  ...[1, 2, 3, 4, 5, 6, 7].map(reserved => ({
    name: `${reserved.toString(2).padStart(3, '0')} fail a text`,
    sends: [frame({ opcode: OPCODES.text, payload: 'Hello', reserved })],
    gets: [failed(1002)],
  })),
  ...(['ping', 'pong', 'close', 'binary', 'continuation'] as const).map(kind => ({
    name: `fail a ${kind} frame`,
    sends: [frame({ opcode: OPCODES[kind], reserved: 4 })],
    gets: [failed(1002)],
  })),
  {
    name: 'fail after a good message, which is answered',
    sends: [text('good'), frame({ opcode: OPCODES.text, payload: 'bad', reserved: 2 })],
    gets: [got('text', 'good'), failed(1002)],
  },
]);

describeVectors('reserved opcodes (RFC 6455 §5.2)', [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(opcode => ({
    name: `${opcode} fails`,
    sends: [frame({ opcode, payload: 'Hello' })],
    gets: [failed(1002)],
  })),
  {
    name: '3 fails within a fragmented message',
    sends: [frame({ opcode: OPCODES.text, payload: 'frag', isFinal: false }), frame({ opcode: 3 })],
    gets: [failed(1002)],
  },
]);

describeVectors('ping and pong (RFC 6455 §5.5)', [
  ...[0, 1, 124, 125].map(size => ({
    name: `answers a ping of ${size} bytes with the same payload`,
    sends: [ping(MIXED.subarray(0, size))],
    gets: [got('pong', MIXED.subarray(0, size))],
  })),
  ...[126, 65_536].flatMap(size => [
    { name: `fails a ping of ${size} bytes`, sends: [ping(new Uint8Array(size))], gets: [failed(1002)] },
    { name: `fails a pong of ${size} bytes`, sends: [pong(new Uint8Array(size))], gets: [failed(1002)] },
  ]),
  {
    name: 'answers ten pings in order',
    sends: [Buffer.concat(Array.from({ length: 10 }, (_, at) => ping(String(at))))],
    gets: Array.from({ length: 10 }, (_, at) => got('pong', String(at))),
  },
  { name: 'ignores an unasked pong', sends: [pong('nobody asked')], gets: [] },
  {
    name: 'ignores an unasked pong between messages',
    sends: [text('one'), pong(''), text('two')],
    gets: [got('text', 'one'), got('text', 'two')],
  },
  {
    name: 'answers a ping that arrives byte by byte',
    sends: [...ping('slow')].map(byte => Buffer.from([byte])),
    gets: [got('pong', 'slow')],
  },
  ...(['ping', 'pong', 'close'] as const).map(kind => ({
    name: `fails a fragmented ${kind} frame`,
    sends: [frame({ opcode: OPCODES[kind], isFinal: false })],
    gets: [failed(1002)],
  })),
]);

const FRAGMENTATION: Vector[] = [
  {
    name: 'puts a text together',
    sends: fragments(OPCODES.text, 'Hel', 'lo'),
    gets: [got('text', 'Hello')],
  },
  {
    name: 'puts bytes together',
    sends: fragments(OPCODES.binary, bytes(0, 1), bytes(2), bytes(3, 255)),
    gets: [got('binary', bytes(0, 1, 2, 3, 255))],
  },
  {
    name: 'takes empty fragments',
    sends: fragments(OPCODES.text, '', '', 'x', '', ''),
    gets: [got('text', 'x')],
  },
  {
    name: 'takes a message of nothing but empty fragments',
    sends: fragments(OPCODES.text, '', '', ''),
    gets: [got('text', '')],
  },
  {
    name: 'takes a thousand fragments of one byte',
    sends: [Buffer.concat(fragments(OPCODES.text, ...'x'.repeat(1000)))],
    gets: [got('text', 'x'.repeat(1000))],
  },
  {
    name: 'takes two messages, one after the other',
    sends: [...fragments(OPCODES.text, 'a', 'b'), ...fragments(OPCODES.binary, 'c', 'd')],
    gets: [got('text', 'ab'), got('binary', 'cd')],
  },
  {
    name: 'lets a ping in between, and answers it first',
    sends: fragments(OPCODES.text, 'Hel', 'lo').toSpliced(1, 0, ping('now')),
    gets: [got('pong', 'now'), got('text', 'Hello')],
  },
  {
    name: 'lets a pong in between',
    sends: fragments(OPCODES.text, 'Hel', 'lo').toSpliced(1, 0, pong('')),
    gets: [got('text', 'Hello')],
  },
  {
    name: 'lets a close in between, and drops what was begun',
    sends: [...fragments(OPCODES.text, 'Hel', 'lo').slice(0, 1), frame({ opcode: OPCODES.close })],
    gets: [closed(1005)],
  },
  {
    name: 'leaves a message without its end unanswered',
    sends: fragments(OPCODES.text, 'Hel', 'lo').slice(0, 1),
    gets: [],
  },
  {
    name: 'fails a text within another message',
    sends: [...fragments(OPCODES.text, 'Hel', 'lo').slice(0, 1), text('new')],
    gets: [failed(1002)],
  },
  {
    name: 'fails bytes within another message',
    sends: [...fragments(OPCODES.text, 'Hel', 'lo').slice(0, 1), binary('new')],
    gets: [failed(1002)],
  },
  {
    name: 'fails a continuation of nothing',
    sends: [frame({ opcode: OPCODES.continuation, payload: 'lo' })],
    gets: [failed(1002)],
  },
  {
    name: 'fails an unfinished continuation of nothing',
    sends: [frame({ opcode: OPCODES.continuation, payload: 'lo', isFinal: false })],
    gets: [failed(1002)],
  },
  {
    name: 'fails a continuation after a whole message',
    sends: [text('Hello'), frame({ opcode: OPCODES.continuation, payload: 'lo' })],
    gets: [got('text', 'Hello'), failed(1002)],
  },
];

describeVectors('fragmentation (RFC 6455 §5.4)', FRAGMENTATION);
