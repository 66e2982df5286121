// What the activities show to a student.
import { arrange } from '@/places';

export const pieces = arrange(import.meta.glob('../../../activities/*/Student.svelte', { eager: true }));
