import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SseParser } from '../../src/sse.ts';
import { LONGEST_PAUSE_MS, pauseBefore } from '../../src/stream.ts';

const bytes = (text) => new TextEncoder().encode(text);

const STREAM =
  '\uFEFFretry: 2000\n\n: hello\r\nid: p-1\r\nevent: item\r\ndata: {"a":"ŵ€𝄞"}\r\n\r\n' +
  'data:first\ndata: second\nid:p-2\n\nevent: gone\rdata\r\r' +
  'id: p-3\n\nunknown: x\ndata:  two spaces\n\n';
const EVENTS = [
  { id: 'p-1', event: 'item', data: '{"a":"ŵ€𝄞"}' },
  { id: 'p-2', event: 'message', data: 'first\nsecond' },
  { id: 'p-2', event: 'gone', data: '' },
  { id: 'p-3', event: 'message', data: ' two spaces' },
];

function read(chunks) {
  const parser = new SseParser();
  return { events: chunks.flatMap((one) => parser.push(one)), parser };
}

test('a stream cut at any byte gives the same events', () => {
  const whole = bytes(STREAM);
  for (let cut = 0; cut <= whole.length; ++cut) {
    const { events, parser } = read([whole.slice(0, cut), whole.slice(cut)]);
    assert.deepEqual(events, EVENTS, `cut at ${cut}`);
    assert.equal(parser.retry, 2000);
    assert.equal(parser.lastId, 'p-3');
  }
});

test('a stream cut at any two bytes gives the same events', () => {
  const whole = bytes(STREAM);
  for (let a = 0; a <= whole.length; a += 1) {
    for (let b = a; b <= whole.length; b += 3) {
      assert.deepEqual(read([whole.slice(0, a), whole.slice(a, b), whole.slice(b)]).events, EVENTS);
    }
  }
});

test('a stream in single bytes gives the same events', () => {
  assert.deepEqual(read([...bytes(STREAM)].map((one) => Uint8Array.of(one))).events, EVENTS);
});

test('an event without data is none, and an unfinished one is not told', () => {
  assert.deepEqual(read([bytes('event: item\nid: p-9\n\ndata: half')]).events, []);
});

test('an id with a zero byte and a retry that is no number are ignored', () => {
  const { parser } = read([bytes('id: p-1\nid: p\0x\nretry: 1e3\ndata: x\n\n')]);
  assert.equal(parser.lastId, 'p-1');
  assert.equal(parser.retry, null);
});

test('pauses double up to the longest, and chance only takes off', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 10].map((n) => pauseBefore(n, null, 0)),
    [1000, 2000, 4000, 8000, LONGEST_PAUSE_MS],
  );
  assert.equal(pauseBefore(0, 5000, 0), 5000);
  for (let n = 0; n < 40; ++n) {
    const pause = pauseBefore(n, null, 1);
    assert.ok(pause >= 750 && pause <= LONGEST_PAUSE_MS, `try ${n}: ${pause}`);
  }
  assert.ok(pauseBefore(0, 0, 0) >= 100, 'a sender cannot make readers storm it');
});
