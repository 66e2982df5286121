// Begins a page: its words first, then its screen, so that nobody ever sees a message key.
import { mount, type Component } from 'svelte';
import { speak, type Loaders } from '@/i18n.svelte';

export async function start(screen: Component<Record<string, never>>, words: Loaders): Promise<void> {
  await speak(words);
  mount(screen, { target: document.body });
}
