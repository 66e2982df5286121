// What can be prepared: each activity that can says it in its folder, nothing lists them by hand.
import type { Prepared, PreparedModule } from '@/prepared';

const found = import.meta.glob<PreparedModule>('../../../activities/*/Plan.svelte', { eager: true });

/** The forms, in the order in which they are offered. */
export const forms: readonly PreparedModule[] = Object.values(found).sort((a, b) => (a.order ?? 50) - (b.order ?? 50));

const byKind = new Map(forms.map((form) => [form.prepared.kind, form]));

export const formOf = (kind: string): PreparedModule | undefined => byKind.get(kind);
export const preparedOf = (kind: string): Prepared | undefined => byKind.get(kind)?.prepared;
