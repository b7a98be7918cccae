import { frame, OPCODES } from '../support/frames.ts';
import { bytes, close, closed, describeVectors, failed, got, text, type Vector } from '../support/rfc6455.ts';

/** RFC 6455 §7.4.1 and IANA's later additions, then §7.4.2's ranges at their ends. */
const ALLOWED = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const FORBIDDEN = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const payload = (content: string | Uint8Array) => frame({ opcode: OPCODES.close, payload: content });

describeVectors('a close frame (RFC 6455 §5.5.1, §7.4)', [
  { name: 'without a payload is answered without one', sends: [payload('')], gets: [closed(1005)] },
  { name: 'with one byte of payload fails', sends: [payload(bytes(3))], gets: [failed(1002)] },
  ...ALLOWED.map(
    (code): Vector => ({ name: `with ${code} is echoed`, sends: [close(code)], gets: [closed(code)] }),
  ),
  ...FORBIDDEN.map(
    (code): Vector => ({ name: `with ${code} fails`, sends: [close(code)], gets: [failed(1002)] }),
  ),
  {
    name: 'with a reason is echoed with it',
    sends: [close(1000, 'that was all')],
    gets: [closed(1000, 'that was all')],
  },
  {
    name: 'with a reason of 123 bytes is echoed with it',
    sends: [close(4000, `${'é'.repeat(61)}.`)],
    gets: [closed(4000, `${'é'.repeat(61)}.`)],
  },
  { name: 'with a reason of 124 bytes fails', sends: [close(4000, 'x'.repeat(124))], gets: [failed(1002)] },
  {
    name: 'with a reason that is no UTF-8 fails',
    sends: [close(1000, bytes(0xce, 0xba, 0xff))],
    gets: [failed(1007)],
  },
  {
    name: 'with a reason cut within a character fails',
    sends: [close(1000, bytes(0xf0, 0x9f, 0x98))],
    gets: [failed(1007)],
  },
  {
    name: 'that arrives byte by byte is echoed',
    sends: [...close(1000, 'slow')].map(byte => Buffer.from([byte])),
    gets: [closed(1000, 'slow')],
  },
  {
    name: 'comes after the answers to the messages before it',
    sends: [Buffer.concat([text('one'), text('two'), close(1000)])],
    gets: [got('text', 'one'), got('text', 'two'), closed(1000)],
  },
  {
    name: 'ends what is read: a message after it has no answer',
    sends: [Buffer.concat([close(1000), text('too late')])],
    gets: [closed(1000)],
  },
  {
    name: 'ends what is read: a second one has no answer',
    sends: [Buffer.concat([close(1000, 'first'), close(1001, 'second')])],
    gets: [closed(1000, 'first')],
  },
]);
