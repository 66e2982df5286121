// What an activity says of the steps that can be prepared of it: its folder's Plan.svelte exports one as `prepared`,
// beside the form that writes it. Nothing lists them by hand.
import type { Component } from 'svelte';
import type { IconName } from '@/icons';

/** `D` is the question while it is written, `Q` what it becomes. */
export interface Prepared<D = any, Q = any> {
  /** The kind of the step, and the part of a lesson that the question lies in. */
  kind: string;
  /** The message that says what kind of step it is. */
  title: string;
  icon: IconName;
  blank(): D;
  drafted(question: Q): D;
  /** The message of what is still missing; "" when it can be asked. */
  problem(draft: D): string;
  question(draft: D): Q;
  /** As all see it while answers are given: one item of the part. */
  item(question: Q): object;
}

export interface PreparedModule {
  default: Component<{ draft: any }, Record<string, never>, 'draft'>;
  prepared: Prepared;
  order?: number;
}
