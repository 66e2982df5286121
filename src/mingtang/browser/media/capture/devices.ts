// The microphones and cameras of this device: which there are, which was chosen, and what is asked of them.

export type Need = 'microphone' | 'camera' | 'document';

export interface Device {
  id: string;
  name: string;
}

const KEPT = 'mingtang.device.';
const kindOf = (need: Need): MediaDeviceKind => (need === 'microphone' ? 'audioinput' : 'videoinput');

/** Those that can be chosen for this; nameless until the browser has been allowed to use one. */
export async function devices(need: Need): Promise<Device[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const fit = all.filter((one) => one.kind === kindOf(need) && one.deviceId && one.deviceId !== 'communications');
  return fit.map((one) => ({ id: one.deviceId, name: one.label }));
}

export function chosen(need: Need): string {
  try {
    return localStorage.getItem(KEPT + need) ?? '';
  } catch {
    return '';
  }
}

export function choose(need: Need, id: string): void {
  try {
    localStorage.setItem(KEPT + need, id);
  } catch {
    // It is only chosen anew next time.
  }
}

/** Opens the device that was chosen, or `instead`; one that is not there is no hindrance, another is taken. Rejects as the browser does. */
export async function open(need: Need, instead = chosen(need)): Promise<MediaStreamTrack> {
  try {
    return await ask(need, instead);
  } catch (error) {
    if (instead && error instanceof Error && GONE.has(error.name)) return ask(need, '');
    throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(['OverconstrainedError', 'NotFoundError']);

async function ask(need: Need, id: string): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia(need === 'microphone' ? { audio: sound(id) } : { video: picture(need, id) });
  return stream.getTracks()[0];
}

/** For the second camera, when none was chosen: one that is not in use already. */
export async function spare(taken: string | undefined): Promise<string> {
  return (await devices('document')).find((one) => one.id !== taken)?.id ?? '';
}

/** The screen, a window or a tab as its owner picks it, and what sounds in it where the browser gives that. */
export async function screen(): Promise<{ picture: MediaStreamTrack; sound?: MediaStreamTrack }> {
  const asked = {
    video: { frameRate: { max: 30 }, width: { max: 1920 }, height: { max: 1080 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, suppressLocalAudioPlayback: false },
    systemAudio: 'include',
    selfBrowserSurface: 'exclude',
  } as DisplayMediaStreamOptions;
  const stream = await navigator.mediaDevices.getDisplayMedia(asked);
  const [picture] = stream.getVideoTracks();
  picture.contentHint = 'text';
  return { picture, sound: stream.getAudioTracks()[0] };
}

/** `all` takes out what comes from this computer's own loudspeakers, too; browsers that do not know the word take it for yes. */
function sound(id: string): MediaTrackConstraints {
  const echo = { ideal: 'all' } as unknown as ConstrainBoolean;
  return { deviceId: wish(id), echoCancellation: echo, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 }, sampleRate: { ideal: 48_000 } };
}

function picture(need: Need, id: string): MediaTrackConstraints {
  const facing = need === 'document' ? 'environment' : 'user';
  return { ...(id ? { deviceId: wish(id) } : { facingMode: { ideal: facing } }), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
}

/** Merely wished for, a browser still prefers its default. */
const wish = (id: string): ConstrainDOMString | undefined => (id ? { exact: id } : undefined);

const CHECKED = 'mingtang.device.checked';

/** Whether this microphone has had its sound check on this device lately. */
export function checked(): boolean {
  try {
    const [id, at] = (localStorage.getItem(CHECKED) ?? '').split(' ');
    return at !== undefined && id === (chosen('microphone') || 'any') && Date.now() - Number(at) < 12 * 3600_000;
  } catch {
    return false;
  }
}

export function noteChecked(): void {
  try {
    localStorage.setItem(CHECKED, `${chosen('microphone') || 'any'} ${Date.now()}`);
  } catch {
    // It is checked once more next time.
  }
}
