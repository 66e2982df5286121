declare module 'virtual:messages/*' {
  import type { Catalogue } from '@/i18n.svelte';
  const catalogue: Catalogue;
  export default catalogue;
}
