import { expect, it } from 'vitest';
import { likely } from './systems';

it('opens the part of the page that is likely to be asked for', () => {
  expect(likely('Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 Safari/604')).toBe('iphone');
  expect(likely('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('firefox');
  expect(likely('Mozilla/5.0 (Linux; Android 16) AppleWebKit/537 Chrome/140 Mobile')).toBe('android');
  expect(likely('curl/8')).toBeUndefined();
});
