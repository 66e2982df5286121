// Where a page's picture or text lies: at the server, or in the page itself.
export type AssetFile = '640.webp' | '1600.webp' | 'text.json';

let place = (asset: string, file: AssetFile): string => `/assets/${asset}/${file}`;

export const assetAt = (asset: string, file: AssetFile): string => place(asset, file);

/** For a page that brings its own. */
export function bring(from: typeof place): void {
  place = from;
}

/** Both widths, for `srcset`; nothing where there is one picture only. */
export function sources(asset: string): string {
  const [small, large] = [assetAt(asset, '640.webp'), assetAt(asset, '1600.webp')];
  return small === large ? '' : `${small} 640w, ${large} 1600w`;
}
