// Going back while the lesson goes on, in a chunk of its own: who stays live never fetches it.
import './replay.css';
export { default as Behind } from './Behind.svelte';
