import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Bank from '@/screens/bank/Bank.svelte';

void start(Bank, {
  en: () => import('virtual:messages/bank/en'),
  'zh-Hans': () => import('virtual:messages/bank/zh-Hans'),
});
