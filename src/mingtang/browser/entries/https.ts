import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Https from '@/screens/https/Https.svelte';

void start(Https, {
  en: () => import('virtual:messages/https/en'),
  'zh-Hans': () => import('virtual:messages/https/zh-Hans'),
});
