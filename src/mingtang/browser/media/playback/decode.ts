// The worker that decodes: objects come in, samples go to the worklet, pictures are drawn here.
import { CONFIGURATION, SOUND, type MediaObject } from '../object';
import { Ear } from './ear';
import { Picture } from './picture';
import { Sound } from './sound';
import { wall, type FromWorker, type Pcm, type Report, type ToWorker } from './talk';

const SEEN_MS = 250;

const ear = new Ear();
const sounds = new Map<number, Sound>();
const pictures = new Map<number, Picture>();
const pairs = new Map<number, number | undefined>();
const canvases = new Map<number, { track: number; canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D }>();
/** A place that is new shows at once what there is, and not only what comes next. */
const last = new Map<number, VideoFrame>();
const text = new TextDecoder();
let mixer: MessagePort | undefined;

const say = (message: FromWorker): void => postMessage(message);

function take(object: MediaObject, old: boolean): void {
  const { track, kind } = object;
  const sound = sounds.get(track);
  const picture = pictures.get(track);
  if (kind === CONFIGURATION) (sound ?? picture)?.configure(text.decode(object.payload));
  else if (kind === SOUND) sound?.take(object, old);
  else picture?.take(object);
}

function follow(heard: readonly number[], watched: readonly [number, number | undefined][]): void {
  const wanted = new Map(watched);
  leave(sounds, new Set(heard));
  leave(pictures, wanted);
  for (const track of heard) if (!sounds.has(track)) sounds.set(track, newSound(track));
  for (const [track, sound] of watched) {
    pairs.set(track, sound);
    if (!pictures.has(track)) pictures.set(track, newPicture(track));
  }
}

function leave(all: Map<number, { close(): void }>, wanted: { has(track: number): boolean }): void {
  for (const [track, one] of all) {
    if (wanted.has(track)) continue;
    one.close();
    all.delete(track);
    keep(track, undefined);
  }
}

function newSound(track: number): Sound {
  const put = (pcm: Omit<Pcm, 'track'>): void => mixer?.postMessage({ track, ...pcm }, [pcm.samples.buffer]);
  return new Sound(put, (codec) => say({ t: 'cannot', track, codec }));
}

function newPicture(track: number): Picture {
  return new Picture({
    ear: () => ear.at(pairs.get(track), wall()),
    now: wall,
    draw: (frame) => draw(track, frame),
    key: () => say({ t: 'key', track }),
    cannot: (codec) => say({ t: 'cannot', track, codec }),
  });
}

function draw(track: number, frame: VideoFrame): void {
  for (const place of canvases.values()) if (place.track === track) paint(place, frame);
  keep(track, frame.clone());
}

function keep(track: number, frame: VideoFrame | undefined): void {
  last.get(track)?.close();
  if (frame) last.set(track, frame);
  else last.delete(track);
}

function paint({ canvas, context }: { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D }, frame: VideoFrame): void {
  const { displayWidth: width, displayHeight: height } = frame;
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  context.drawImage(frame, 0, 0, width, height);
}

function addCanvas(id: number, track: number, canvas: OffscreenCanvas): void {
  const context = canvas.getContext('2d', { alpha: false, desynchronized: true });
  if (!context) return;
  canvases.set(id, { track, canvas, context });
  turn(id, track);
}

/** What a place showed before stays until the new track has a picture. */
function turn(id: number, track: number): void {
  const [place, frame] = [canvases.get(id), last.get(track)];
  if (!place) return;
  place.track = track;
  if (frame) paint(place, frame);
}

/** The samples that are on their way still come before it. */
function reset(): void {
  for (const picture of pictures.values()) picture.reset();
  for (const sound of sounds.values()) sound.reset();
  mixer?.postMessage('reset');
}

function hear(data: ToWorker): void {
  switch (data.t) {
    case 'sound':
      mixer = data.port;
      mixer.onmessage = ({ data: report }) => ear.hear(report as Report, wall());
      return;
    case 'take': return take(data.object, data.old);
    case 'follow': return follow(data.sounds, data.pictures);
    case 'canvas': return addCanvas(data.id, data.track, data.canvas);
    case 'turn': return turn(data.id, data.track);
    case 'away': return void canvases.delete(data.id);
    case 'place': {
      ear.place = data.place;
      return pictures.forEach((picture) => picture.pump());
    }
    case 'latency': return void (ear.latency = data.ms);
    case 'reset': return reset();
  }
}

onmessage = ({ data }) => hear(data as ToWorker);
setInterval(() => say({ t: 'seen', pictures: [...pictures].map(([track, picture]) => picture.seen(track)) }), SEEN_MS);
