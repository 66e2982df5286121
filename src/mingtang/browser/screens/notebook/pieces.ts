// What the activities leave in a notebook.
import { arrange } from '@/places';

export const pieces = arrange(import.meta.glob('../../../activities/*/Notebook.svelte', { eager: true }));
