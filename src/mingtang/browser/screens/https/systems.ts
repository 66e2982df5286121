// The systems whose way of installing a certificate is explained, and which of them is likely in somebody's hand: only to
// open the right part of the page first.

export const SYSTEMS = ['iphone', 'android', 'windows', 'mac', 'chromeos', 'firefox'] as const;
export type System = (typeof SYSTEMS)[number];

const SIGNS: readonly [RegExp, System][] = [
  [/Firefox/, 'firefox'],
  [/iPhone|iPad/, 'iphone'],
  [/Android/, 'android'],
  [/CrOS/, 'chromeos'],
  [/Windows/, 'windows'],
  [/Macintosh/, 'mac'],
];

export function likely(said: string): System | undefined {
  return SIGNS.find(([sign]) => sign.test(said))?.[1];
}
