import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CONFIGURATION, SOUND, type MediaObject } from '../object';
import type { Rewinder } from '../renderer';
import { Rewound } from './rewound';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => Promise.reject(new Error('no files here')));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const object = (seq: number, kind = SOUND): MediaObject => ({ kind, track: 1, seq, time: seq * 20, key: true, layer: 0, level: 30, span: 20, payload: new Uint8Array() });

function begun() {
  const given: number[] = [];
  const does = () => {};
  const renderer = { take: (one: MediaObject) => void (one.kind === SOUND && given.push(one.seq)), place: does, reset: does, live: does };
  const rewound = new Rewound('l', renderer as unknown as Rewinder, does);
  rewound.begin();
  rewound.subscribe([1], []);
  return { rewound, given };
}

it('goes on to live with all that the line brought since it came near, also after a leap on the way', () => {
  const { rewound, given } = begun();
  expect(rewound.place(90_000, 2, true, 100_000)).toBe(false);
  expect(rewound.place(93_000, 2, true, 100_500)).toBe(true);
  rewound.keeps(object(5_025, CONFIGURATION));
  for (let seq = 5_025; seq < 5_100; seq += 1) rewound.keeps(object(seq));
  rewound.place(98_500, 2, true, 102_000); // the page stood still for a while, and then the place was set anew
  rewound.keeps(object(5_100));
  rewound.end(true);
  expect(given).toEqual(Array.from({ length: 76 }, (_, n) => 5_025 + n));
});

it('forgets what the line brought when it goes far back again', () => {
  const { rewound, given } = begun();
  rewound.place(98_000, 1, true, 100_000);
  rewound.keeps(object(5_000));
  rewound.place(10_000, 1, true, 100_100);
  rewound.end(true);
  expect(given).toEqual([]);
});
