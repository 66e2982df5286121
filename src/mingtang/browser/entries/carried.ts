import '@/style/tokens.css';
import '@/style/parts.css';
import '@/screens/student/student.css';
import '@/screens/replay/replay.css';
import { start } from '@/start';
import Carried from '@/screens/replay/Carried.svelte';

void start(Carried, {
  en: () => import('virtual:messages/carried/en'),
  'zh-Hans': () => import('virtual:messages/carried/zh-Hans'),
});
