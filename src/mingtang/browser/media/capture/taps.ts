// From a device to the encoders: a stream that is handed to the worker where the browser has one, else what can be had.
import TAP from './tap.worklet.ts?worker&url';

interface Processor<T> {
  readonly readable: ReadableStream<T>;
}
type Processors = { MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => Processor<VideoFrame | AudioData> };

export interface Tap {
  from?: ReadableStream<VideoFrame | AudioData>;
  port?: MessagePort;
  /** Ends it; the device itself is its owner's. */
  close(): void;
}

/** Pictures of a device; without a stream of them, `frame` gets each as it is shown by a video that nobody sees. */
export function pictures(track: MediaStreamTrack, frame: (frame: VideoFrame) => void): Tap {
  const made = processor(track);
  return made ? { from: made, close: () => undefined } : shown(track, frame);
}

export async function samples(track: MediaStreamTrack): Promise<Tap> {
  const made = processor(track);
  return made ? { from: made, close: () => undefined } : heard(track);
}

function processor(track: MediaStreamTrack): ReadableStream<VideoFrame | AudioData> | undefined {
  const { MediaStreamTrackProcessor } = globalThis as Processors;
  return MediaStreamTrackProcessor && new MediaStreamTrackProcessor({ track }).readable;
}

function shown(track: MediaStreamTrack, frame: (frame: VideoFrame) => void): Tap {
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  const next = (now: number, about: VideoFrameCallbackMetadata) => {
    if (!video.srcObject) return;
    frame(new VideoFrame(video, { timestamp: Math.round((about.captureTime ?? now) * 1_000) }));
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  void video.play();
  return { close: () => void (video.srcObject = null) };
}

async function heard(track: MediaStreamTrack): Promise<Tap> {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  await context.audioWorklet.addModule(TAP);
  const tap = new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0 });
  const way = new MessageChannel();
  tap.port.postMessage(way.port1, [way.port1]);
  context.createMediaStreamSource(new MediaStream([track])).connect(tap);
  await context.resume();
  return { port: way.port2, close: () => void context.close() };
}
