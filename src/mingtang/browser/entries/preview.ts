import '@/style/tokens.css';
import '@/style/parts.css';
import '@/style/wall.css';
import '@/screens/student/student.css';
import '@/screens/wall/wall.css';
import { start } from '@/start';
import Preview from '@/screens/preview/Preview.svelte';

void start(Preview, {
  en: () => import('virtual:messages/preview/en'),
  'zh-Hans': () => import('virtual:messages/preview/zh-Hans'),
});
