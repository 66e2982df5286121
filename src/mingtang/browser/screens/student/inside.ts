// Everything behind the door, in a chunk of its own: it is fetched at the first touch, while a name is still being typed.
export { Live } from '@/live.svelte';
export { default as Lesson } from './Lesson.svelte';
