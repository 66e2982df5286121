import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Notebook from '@/screens/notebook/Notebook.svelte';

void start(Notebook, {
  en: () => import('virtual:messages/notebook/en'),
  'zh-Hans': () => import('virtual:messages/notebook/zh-Hans'),
});
