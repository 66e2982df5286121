import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Plan from '@/screens/plan/Plan.svelte';

void start(Plan, {
  en: () => import('virtual:messages/plan/en'),
  'zh-Hans': () => import('virtual:messages/plan/zh-Hans'),
});
