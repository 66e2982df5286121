import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Search from '@/screens/search/Search.svelte';

void start(Search, {
  en: () => import('virtual:messages/search/en'),
  'zh-Hans': () => import('virtual:messages/search/zh-Hans'),
});
