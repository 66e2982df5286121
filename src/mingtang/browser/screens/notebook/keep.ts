// The notebook as one file that needs nothing else: what is on the page, its pictures and its style inside, no script.

const LEFT_OUT = '[data-not-kept], script, link, noscript, svelte-announcer';

/** Pictures come when they are scrolled to: before they are printed or kept, all of them. `done` hears how many are there. */
export async function fetchPictures(root: ParentNode, done: (share: number) => void = () => undefined): Promise<void> {
  const pictures = [...root.querySelectorAll('img')];
  let here = 0;
  for (const one of pictures) one.loading = 'eager';
  await Promise.all(
    pictures.map(async (one) => {
      await one.decode().catch(() => undefined);
      done((here += 1) / pictures.length);
    }),
  );
}

export async function asFile(root: HTMLElement, title: string, done: (share: number) => void): Promise<Blob> {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const one of copy.querySelectorAll(LEFT_OUT)) one.remove();
  const pictures = [...copy.querySelectorAll('img')];
  for (const [at, one] of pictures.entries()) {
    one.src = await inside(one.src);
    one.removeAttribute('loading');
    done((at + 1) / pictures.length);
  }
  const { lang, dataset } = document.documentElement;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${safe(title)}</title>`;
  const page = `<!doctype html>\n<html lang="${lang}" data-density="${dataset.density ?? 'hand'}"><head>${head}<style>${styles()}</style></head><body>${copy.outerHTML}</body></html>\n`;
  return new Blob([page], { type: 'text/html' });
}

export function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name that every system takes for a file. */
export const fileName = (title: string, day: string): string => `${title.replace(/[\\/:*?"<>|\s\p{Cc}]+/gu, ' ').trim().slice(0, 80)} ${day}.html`;

const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const styles = () => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n').replaceAll('</', '<\\/');

async function inside(address: string): Promise<string> {
  const picture = await (await fetch(address)).blob();
  return new Promise((settle, fail) => {
    const reader = new FileReader();
    reader.onload = () => settle(String(reader.result));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(picture);
  });
}
