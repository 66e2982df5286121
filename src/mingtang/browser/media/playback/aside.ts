// A picture in a window of its own that stays above all others, while the page is elsewhere.
import type { Renderer } from '../renderer';

interface Pip {
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const documents = (): Pip | undefined => (globalThis as { documentPictureInPicture?: Pip }).documentPictureInPicture;

export const canStandAside = (): boolean => documents() !== undefined || document.pictureInPictureEnabled === true;

/** To be called in a tap. Returns the way to end it; `ended` is told when the viewer does. */
export async function standAside(renderer: Renderer, track: number, ended: () => void): Promise<() => void> {
  const pip = documents();
  return pip ? inWindow(await pip.requestWindow({ width: 480, height: 270 }), renderer, track, ended) : inVideo(renderer, track, ended);
}

function inWindow(aside: Window, renderer: Renderer, track: number, ended: () => void): () => void {
  const { body } = aside.document;
  Object.assign(body.style, { margin: '0', background: '#000', display: 'grid', placeItems: 'center', height: '100vh', overflow: 'hidden' });
  const away = renderer.show(track, body);
  for (const one of body.children) Object.assign((one as HTMLElement).style, { width: '100%', height: '100%', objectFit: 'contain' });
  aside.addEventListener('pagehide', () => {
    away();
    ended();
  });
  return () => aside.close();
}

async function inVideo(renderer: Renderer, track: number, ended: () => void): Promise<() => void> {
  const place = document.createElement('div');
  const away = renderer.show(track, place);
  const found = place.querySelector('video');
  const video = found ?? document.createElement('video');
  if (!found) video.srcObject = place.querySelector('canvas')?.captureStream() ?? null;
  video.muted = true;
  await video.play();
  await video.requestPictureInPicture();
  video.addEventListener('leavepictureinpicture', () => {
    away();
    ended();
  });
  return () => void document.exitPictureInPicture();
}
