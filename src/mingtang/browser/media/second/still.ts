// The last picture of a place, for as long as the video that is to follow has none.
const HAS_PICTURE = 2;

export function keepStill(place: HTMLElement): void {
  const video = place.querySelector('video');
  if (!video?.videoWidth) return;
  place.querySelector('canvas')?.remove();
  const still = Object.assign(document.createElement('canvas'), { width: video.videoWidth, height: video.videoHeight });
  still.getContext('2d')?.drawImage(video, 0, 0);
  place.prepend(still);
}

/** Over what was there, which goes when this has a picture. */
export function put(place: HTMLElement, video: HTMLVideoElement): void {
  place.append(video);
  const clear = (): void => place.querySelector('canvas')?.remove();
  if (video.readyState >= HAS_PICTURE && !video.paused) clear();
  else video.addEventListener('playing', clear, { once: true });
}
