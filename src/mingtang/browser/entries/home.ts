import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Home from '@/screens/home/Home.svelte';

void start(Home, {
  en: () => import('virtual:messages/home/en'),
  'zh-Hans': () => import('virtual:messages/home/zh-Hans'),
});
