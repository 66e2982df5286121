import '@/style/tokens.css';
import '@/style/parts.css';
import '@/screens/student/student.css';
import { start } from '@/start';
import Student from '@/screens/student/Student.svelte';

void start(Student, {
  en: () => import('virtual:messages/student/en'),
  'zh-Hans': () => import('virtual:messages/student/zh-Hans'),
});
