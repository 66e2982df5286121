import '@/style/tokens.css';
import '@/style/parts.css';
import '@/style/wall.css';
import '@/screens/wall/wall.css';
import { start } from '@/start';
import Wall from '@/screens/wall/Wall.svelte';

void start(Wall, {
  en: () => import('virtual:messages/wall/en'),
  'zh-Hans': () => import('virtual:messages/wall/zh-Hans'),
});
