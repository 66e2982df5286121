// The console for reading, in a chunk of its own: students never fetch it.
import '@/screens/teacher/console.css';
import '@/screens/teacher/activities.css';
import '@/style/wall.css';
export { default as Console } from '@/screens/teacher/Console.svelte';
