import '@/style/tokens.css';
import '@/style/parts.css';
import '@/screens/student/student.css';
import '@/screens/replay/replay.css';
import { start } from '@/start';
import Served from '@/screens/replay/Served.svelte';

void start(Served, {
  en: () => import('virtual:messages/replay/en'),
  'zh-Hans': () => import('virtual:messages/replay/zh-Hans'),
});
