import { expect, test, vi } from 'vitest';
import { key, keys, press } from '@/keys';

/** A key press on an element that matches these selectors. */
function on(k: string, more: Partial<KeyboardEvent> = {}, inside: string[] = []): KeyboardEvent {
  const closest = (wanted: string) => (inside.some((one) => wanted.includes(one)) ? {} : null);
  return { key: k, preventDefault: vi.fn(), target: { closest }, ...more } as unknown as KeyboardEvent;
}

test('a shortcut runs, is listed, and is gone when its screen is', () => {
  const run = vi.fn();
  const off = key({ k: ['n', 'ArrowRight'], say: 'slides.next', run });
  press(on('N'));
  press(on('ArrowRight'));
  expect(run).toHaveBeenCalledTimes(2);
  expect(keys()).toEqual([{ k: ['n', 'ArrowRight'], say: 'slides.next' }]);
  off();
  press(on('n'));
  expect(run).toHaveBeenCalledTimes(2);
  expect(keys()).toEqual([]);
});

test('nothing runs while somebody types, or with a modifier, or on a control that uses the key itself', () => {
  const run = vi.fn();
  const offs = ['n', ' ', 'ArrowDown'].map((k) => key({ k, say: 'x', run }));
  press(on('n', {}, ['textarea']));
  press(on('n', { ctrlKey: true }));
  press(on(' ', {}, ['button']));
  press(on('ArrowDown', {}, ['input']));
  expect(run).not.toHaveBeenCalled();
  press(on('n', {}, ['button']));
  expect(run).toHaveBeenCalledTimes(1);
  for (const off of offs) off();
});

test('the newest of two wins, and one that may not run now leaves the key to the other', () => {
  const [old, fresh] = [vi.fn(), vi.fn()];
  let allowed = true;
  const offs = [key({ k: 'v', say: 'a', run: old }), key({ k: 'v', say: 'b', run: fresh, when: () => allowed })];
  press(on('v'));
  expect([old, fresh].map((fn) => fn.mock.calls.length)).toEqual([0, 1]);
  allowed = false;
  press(on('v'));
  expect([old, fresh].map((fn) => fn.mock.calls.length)).toEqual([1, 1]);
  for (const off of offs) off();
});

test('an arrow turns the slide after a button was pressed, and Escape closes a dialog before anything else', () => {
  const run = vi.fn();
  const offs = ['ArrowRight', 'Escape'].map((k) => key({ k, say: 'x', run }));
  press(on('Escape', {}, ['dialog']));
  expect(run).not.toHaveBeenCalled();
  press(on('ArrowRight', {}, ['button']));
  press(on('Escape', {}, ['button']));
  expect(run).toHaveBeenCalledTimes(2);
  for (const off of offs) off();
});
