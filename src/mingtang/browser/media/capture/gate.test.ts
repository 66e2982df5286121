import { expect, test, vi } from 'vitest';
import { CONFIGURATION, pack, PICTURE, read, SOUND, type Head } from '../object';
import { Gate } from './gate';

const of = (kind: number, more: Partial<Head> = {}) =>
  pack({ kind, track: 0, seq: 0, time: 1, key: kind !== PICTURE, layer: 0, level: 127, span: 0, ...more }, new Uint8Array(4));

function line() {
  const sent: { kind: number; track: number; seq: number; key: boolean; layer: number }[] = [];
  const way = { open: true, wantKey: vi.fn(), publish: (data: ArrayBuffer) => way.open && Boolean(sent.push(read(data)!)) };
  return { sent, way, gate: new Gate(9, way) };
}

test('O1: objects are numbered one by one; a configuration carries the next number and takes none', () => {
  const { sent, gate } = line();
  for (const data of [of(CONFIGURATION), of(PICTURE, { key: true }), of(PICTURE), of(CONFIGURATION), of(PICTURE, { key: true })]) gate.take(data);
  expect(sent.map(({ kind, seq, track }) => [kind, seq, track])).toEqual([[1, 0, 9], [2, 0, 9], [2, 1, 9], [1, 2, 9], [2, 2, 9]]);
});

test('O4: after a picture that was not taken nothing goes out before the next key, and no number is lost', () => {
  const { sent, way, gate } = line();
  for (const data of [of(CONFIGURATION), of(PICTURE, { key: true })]) gate.take(data);
  way.open = false;
  gate.take(of(PICTURE));
  way.open = true;
  expect(gate.refused()).toBe(true);
  expect(gate.refused()).toBe(false);
  gate.take(of(PICTURE));
  gate.mend();
  expect(way.wantKey).toHaveBeenCalledOnce();
  for (const data of [of(PICTURE, { key: true }), of(PICTURE)]) gate.take(data);
  expect(sent.filter(({ kind }) => kind === PICTURE).map(({ seq, key }) => [seq, key])).toEqual([[0, true], [1, true], [2, false]]);
});

test('O4: a picture of an upper layer may be left out alone', () => {
  const { sent, way, gate } = line();
  for (const data of [of(CONFIGURATION), of(PICTURE, { key: true })]) gate.take(data);
  way.open = false;
  gate.take(of(PICTURE, { layer: 1 }));
  way.open = true;
  gate.take(of(PICTURE));
  expect(sent).toHaveLength(3);
});

test('M7: on a new line the configuration goes first again, and a key is wanted', () => {
  const { sent, way, gate } = line();
  for (const data of [of(CONFIGURATION), of(SOUND)]) gate.take(data);
  gate.anew();
  expect(way.wantKey).toHaveBeenCalledOnce();
  for (const data of [of(SOUND), of(SOUND)]) gate.take(data);
  expect(sent.map(({ kind, seq }) => [kind, seq])).toEqual([[1, 0], [3, 0], [1, 1], [3, 1], [3, 2]]);
});

test('nothing goes out before its configuration did', () => {
  const { sent, way, gate } = line();
  way.open = false;
  for (const data of [of(CONFIGURATION), of(PICTURE, { key: true })]) gate.take(data);
  way.open = true;
  gate.take(of(PICTURE));
  expect(sent).toEqual([]);
  gate.take(of(PICTURE, { key: true }));
  expect(sent.map(({ kind, seq }) => [kind, seq])).toEqual([[1, 0], [2, 0]]);
});

test('as another track it begins with nought and its configuration; in another codec it waits for that', () => {
  const { sent, gate } = line();
  for (const data of [of(CONFIGURATION), of(SOUND), of(SOUND)]) gate.take(data);
  gate.renew(12, false);
  gate.take(of(SOUND));
  gate.renew(13, true);
  for (const data of [of(PICTURE, { key: true }), of(CONFIGURATION), of(PICTURE), of(PICTURE, { key: true })]) gate.take(data);
  expect(sent.map(({ track, kind, seq }) => [track, kind, seq]).slice(3)).toEqual([[12, 1, 0], [12, 3, 0], [13, 1, 0], [13, 2, 0]]);
});
