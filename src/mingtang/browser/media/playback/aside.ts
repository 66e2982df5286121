// A picture in a window of its own that stays above all others, while the page is elsewhere.
import type { Renderer } from '../renderer';

interface Pip {
  requestWindow(size: { width: number; height: number }): Promise<Window & typeof globalThis>;
}

export interface Aside {
  /** Another track from now on. */
  to(track: number): void;
  end(): void;
}

const WHOLE = `body { margin: 0; background: #000; display: grid; height: 100vh; overflow: hidden }
  body > * { grid-area: 1 / 1; min-width: 0; min-height: 0; width: 100%; height: 100%; object-fit: contain }`;

const documents = (): Pip | undefined => (globalThis as { documentPictureInPicture?: Pip }).documentPictureInPicture;

export const canStandAside = (): boolean => documents() !== undefined || document.pictureInPictureEnabled === true;

/** To be called in a tap. `ended` is told in every case, also when the viewer closes the window. */
export async function standAside(renderer: Renderer, track: number, label: string, ended: () => void): Promise<Aside> {
  const pip = documents();
  return pip ? inWindow(await pip.requestWindow({ width: 480, height: 270 }), renderer, track, label, ended) : inVideo(renderer, track, ended);
}

function inWindow(aside: Window & typeof globalThis, renderer: Renderer, track: number, label: string, ended: () => void): Aside {
  const sheet = new aside.CSSStyleSheet();
  sheet.replaceSync(WHOLE);
  aside.document.adoptedStyleSheets = [sheet];
  [aside.document.title, aside.document.documentElement.lang] = [label, document.documentElement.lang];
  const view = renderer.show(track, aside.document.body);
  aside.addEventListener('pagehide', () => {
    view.away();
    ended();
  });
  return { to: view.to, end: () => aside.close() };
}

async function inVideo(renderer: Renderer, track: number, ended: () => void): Promise<Aside> {
  const place = document.createElement('div');
  const view = renderer.show(track, place);
  const found = place.querySelector('video');
  const video = found ?? document.createElement('video');
  if (!found) video.srcObject = place.querySelector('canvas')?.captureStream() ?? null;
  video.muted = true;
  await video.play();
  await video.requestPictureInPicture();
  video.addEventListener('leavepictureinpicture', () => {
    view.away();
    ended();
  });
  return { to: view.to, end: () => void document.exitPictureInPicture() };
}
