// Under which address students reach this server; until it has answered, the one of this page.

import { ask } from './desk';

export interface About {
  /** With scheme and port, as a browser wants it. */
  address: string;
  /** As a person reads it. */
  host: string;
}

let known = $state.raw<About>({ address: location.origin, host: location.host });
let asked = false;

export function about(): About {
  if (!asked && location.protocol !== 'file:') {
    asked = true;
    void ask<About>('/api/teach/about').then((got) => got.ok && (known = got.value));
  }
  return known;
}
