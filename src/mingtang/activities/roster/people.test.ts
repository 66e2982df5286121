import { describe, expect, it } from 'vitest';
import type { RosterRow } from '@/wire.gen';
import { people } from './people';

const row = (name: string, more: Partial<RosterRow> = {}): RosterRow => ({
  name, role: 'student', seat: 'room', here: true, joined: 1, ...more,
});
const all = {
  a: row('Student 14'),
  b: row('Student 2'),
  c: row('Zoë', { here: false }),
  d: row('Dr. Lin', { role: 'teacher' }),
  e: row('', { role: 'wall' }),
  f: row('王小明', { seat: 'remote' }),
};
const names = (wanted = '', lang = 'en') => people(all, wanted, lang).map((one) => one.name);

describe('the list of people', () => {
  it('has staff first, then who is here, numbers in their order, and no screens', () => {
    expect(names()).toEqual(['Dr. Lin', 'Student 2', 'Student 14', '王小明', 'Zoë']);
  });

  it('finds names whatever their case and accents', () => {
    expect(names('zoe')).toEqual(['Zoë']);
    expect(names('小')).toEqual(['王小明']);
    expect(names(' STUDENT ')).toEqual(['Student 2', 'Student 14']);
    expect(names('nobody')).toEqual([]);
  });
});
