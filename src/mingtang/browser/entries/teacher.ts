import '@/style/tokens.css';
import '@/style/parts.css';
import '@/style/wall.css';
import { start } from '@/start';
import Teacher from '@/screens/teacher/Teacher.svelte';

void start(Teacher, {
  en: () => import('virtual:messages/teacher/en'),
  'zh-Hans': () => import('virtual:messages/teacher/zh-Hans'),
});
