// The words of a note in blocks, as they stand on its sheet: a head, paragraphs, lists.

export interface Block {
  text: string;
  items?: string[];
}

const ITEM = /^[-*•·+]\s+/;

/** Blank lines part blocks; the first line is the head when it stands alone and more follows. */
export function blocksOf(text: string): { head: string; blocks: Block[] } {
  const parts = text.trim().split(/\n\s*\n/).map((part) => part.trim());
  const head = parts.length > 1 && !parts[0].includes('\n') && !ITEM.test(parts[0]) ? parts.shift() : '';
  return { head: (head ?? '').replace(/^#+\s+/, ''), blocks: parts.filter(Boolean).flatMap(blocks) };
}

/** Lines of a list and other lines may follow one another without a blank one between. */
function blocks(part: string): Block[] {
  const found: Block[] = [];
  for (const line of part.split('\n')) {
    const last = found.at(-1);
    if (!ITEM.test(line)) {
      if (last && !last.items) last.text += `\n${line}`;
      else found.push({ text: line });
    } else if (last?.items) last.items.push(line.replace(ITEM, ''));
    else found.push({ text: '', items: [line.replace(ITEM, '')] });
  }
  return found;
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
const widthOf = (line: string): number => [...line].reduce((sum, sign) => sum + (WIDE.test(sign) ? 2 : 1), 0);

/** How large it can be written: by the lines it takes on a sheet. */
export function sizeOf(text: string): 'm' | 's' | 'xs' {
  const lines = (wide: number) => text.trim().split('\n').reduce((sum, line) => sum + Math.max(0.5, Math.ceil(widthOf(line) / wide)), 0);
  if (lines(46) <= 8) return 'm';
  return lines(58) <= 12 ? 's' : 'xs';
}
