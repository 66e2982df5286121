// What the activities show on the wall.
import { arrange } from '@/places';

export const pieces = arrange(import.meta.glob('../../../activities/*/Wall.svelte', { eager: true }));
