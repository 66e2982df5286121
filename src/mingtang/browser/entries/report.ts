import '@/style/tokens.css';
import '@/style/parts.css';
import { start } from '@/start';
import Report from '@/screens/report/Report.svelte';

void start(Report, {
  en: () => import('virtual:messages/report/en'),
  'zh-Hans': () => import('virtual:messages/report/zh-Hans'),
});
