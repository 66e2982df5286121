import { expect, test } from 'vitest';
import { known, lang, t, use } from '@/i18n.svelte';

test('a message is filled from its params, and what is not given stays visible', () => {
  use('en', { 'poll.answered': '{n} of {of} answered', plain: 'Ask' });
  expect(t('poll.answered', { n: 3, of: 9 })).toBe('3 of 9 answered');
  expect(t('poll.answered', { n: 3 })).toBe('3 of {of} answered');
  expect(t('plain')).toBe('Ask');
});

test('n chooses the plural form of the language', () => {
  use('en', { here: { one: '{n} is here', other: '{n} are here' } });
  expect([0, 1, 2].map((n) => t('here', { n }))).toEqual(['0 are here', '1 is here', '2 are here']);
  use('zh-Hans', { here: { other: '已到 {n} 人' } });
  expect(t('here', { n: 1 })).toBe('已到 1 人');
  expect(lang()).toBe('zh-Hans');
});

test('a param is text, whatever it looks like', () => {
  use('en', { told: '{name} said {name}' });
  expect(t('told', { name: '$& {n} <b>' })).toBe('$& {n} <b> said $& {n} <b>');
});

test('an unknown message is its key, so that its absence is seen', () => {
  use('en', {});
  expect([t('poll.nothing'), known('poll.nothing')]).toEqual(['poll.nothing', false]);
});
