// What this browser can do with voice and picture, by asking for the features and never by its name. What it cannot do
// is said by a message key.

/** A message key: the sentence why it cannot be. `able.no_https` has a page that helps, at HELP. */
export type Why = `able.${string}`;
export type Player = 'webcodecs' | 'mediasource';

export interface Able {
  send: true | Why;
  play: Player | Why;
}

export const HELP = '/https';
export const OPUS = { codec: 'opus', sampleRate: 48000, numberOfChannels: 1 };
const OPUS_FILES = ['audio/mp4; codecs="opus"', 'audio/webm; codecs="opus"'];

type Window = Partial<typeof globalThis> & { ManagedMediaSource?: typeof MediaSource };

/** What can be asked before any device is touched. */
export async function able(here: Window = globalThis): Promise<Able> {
  return { send: await canSend(here), play: await canPlay(here) };
}

async function canSend(here: Window): Promise<true | Why> {
  if (!here.isSecureContext) return 'able.no_https';
  if (!here.navigator?.mediaDevices?.getUserMedia) return 'able.no_devices';
  if (!here.AudioEncoder || !here.VideoEncoder) return 'able.no_encoder';
  return (await takes(here.AudioEncoder, OPUS)) ? true : 'able.no_encoder';
}

async function canPlay(here: Window): Promise<Player | Why> {
  const decoders = here.AudioDecoder && here.VideoDecoder && here.AudioWorkletNode;
  if (decoders && (await takes(here.AudioDecoder, OPUS))) return 'webcodecs';
  const source = here.ManagedMediaSource ?? here.MediaSource;
  if (source && OPUS_FILES.some((type) => source.isTypeSupported(type))) return 'mediasource';
  return here.isSecureContext ? 'able.no_player' : 'able.no_player_http';
}

interface Asked<C> {
  isConfigSupported(config: C): Promise<{ supported?: boolean }>;
}

async function takes<C>(coder: Asked<C> | undefined, config: C): Promise<boolean> {
  try {
    return (await coder?.isConfigSupported(config))?.supported === true;
  } catch {
    return false;
  }
}

const REASONS: Readonly<Record<string, Why>> = {
  NotAllowedError: 'able.forbidden',
  SecurityError: 'able.forbidden',
  NotFoundError: 'able.no_device',
  OverconstrainedError: 'able.no_device',
  NotReadableError: 'able.in_use',
  AbortError: 'able.in_use',
};

/** Why getUserMedia or getDisplayMedia gave nothing. */
export function whyNot(error: unknown): Why {
  const name = error instanceof Error ? error.name : '';
  return REASONS[name] ?? 'able.device_failed';
}
