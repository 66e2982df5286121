import { expect, test } from 'vitest';
import { clockText, codeText, letter, shareText } from '@/words';

test('seconds are a clock, never negative, with hours only when there are some', () => {
  expect([0, 48.9, 1720, 3909, -5].map(clockText)).toEqual(['0:00', '0:48', '28:40', '1:05:09', '0:00']);
});

test('a code is written as it is said', () => {
  expect([codeText('482937'), codeText('4829'), codeText('')]).toEqual(['482 937', '4829', '']);
});

test('a share is whole percent, with a space that does not break in English and none in Chinese', () => {
  expect([shareText(0.474, 'en'), shareText(0, 'zh-Hans'), shareText(1, 'en')]).toEqual(['47\u00a0%', '0%', '100\u00a0%']);
});

test('options are lettered', () => {
  expect([0, 1, 25, 26].map(letter)).toEqual(['A', 'B', 'Z', 'A']);
});
