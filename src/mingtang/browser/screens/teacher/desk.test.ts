import { afterEach, expect, test, vi } from 'vitest';
import { ask, AWAY, titleOf } from './desk';

afterEach(() => vi.unstubAllGlobals());

const server = (body: string, status = 200) => vi.stubGlobal('fetch', async () => new Response(body, { status }));

test('a refusal keeps its code and params, so that a page can say it in words', async () => {
  server('{"code":"deck.too_large","params":{"most":100}}', 413);
  expect(await ask('/x')).toEqual({ ok: false, code: 'deck.too_large', params: { most: 100, status: 413 } });
});

test('an answer that is no JSON of ours is still an answer', async () => {
  server('<h1>502</h1>', 502);
  expect(await ask('/x')).toEqual({ ok: false, code: 'refused', params: { status: 502 } });
});

test('a server that cannot be reached is told apart from one that refuses', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('network')));
  expect(await ask('/x', {})).toEqual({ ok: false, code: AWAY, params: {} });
});

test('a lesson is named as its file, without folder marks and ending', () => {
  expect(titleOf({ name: 'week_6 hash.tables.pdf' })).toBe('week 6 hash.tables');
  expect(titleOf({ name: '第六周.PDF' })).toBe('第六周');
});
