import { expect, it } from 'vitest';
import { able, whyNot } from './able';

const coder = (supported: boolean) => ({ isConfigSupported: () => Promise.resolve({ supported }) });
const source = (types: string) => ({ isTypeSupported: (type: string) => type.includes(types) });
const whole = {
  isSecureContext: true,
  navigator: { mediaDevices: { getUserMedia: () => undefined } },
  AudioEncoder: coder(true),
  VideoEncoder: coder(true),
  AudioDecoder: coder(true),
  VideoDecoder: coder(true),
  AudioWorkletNode: class {},
  MediaSource: source('opus'),
};
const asked = (here: object) => able(here as Parameters<typeof able>[0]);

it('lets a browser with all features send and play', async () => {
  expect(await asked(whole)).toEqual({ send: true, play: 'webcodecs' });
});

it('says that http is why there is no microphone, and plays by MediaSource there', async () => {
  const plain = { isSecureContext: false, navigator: {}, MediaSource: source('webm') };
  expect(await asked(plain)).toEqual({ send: 'able.no_https', play: 'mediasource' });
});

it('goes by what a decoder says it takes, not by its being there', async () => {
  expect((await asked({ ...whole, AudioDecoder: coder(false) })).play).toBe('mediasource');
  expect((await asked({ ...whole, AudioEncoder: coder(false) })).send).toBe('able.no_encoder');
  const throwing = { isConfigSupported: () => Promise.reject(new TypeError('what?')) };
  expect((await asked({ ...whole, AudioDecoder: throwing })).play).toBe('mediasource');
});

it('takes the managed source of an iPhone', async () => {
  const phone = { isSecureContext: true, navigator: whole.navigator, ManagedMediaSource: source('audio/mp4') };
  expect(await asked(phone)).toEqual({ send: 'able.no_encoder', play: 'mediasource' });
});

it('says what is missing where nothing plays', async () => {
  expect((await asked({ isSecureContext: true })).play).toBe('able.no_player');
  expect((await asked({ isSecureContext: false, MediaSource: source('nothing of it') })).play).toBe('able.no_player_http');
});

it('turns what a browser throws into a sentence', () => {
  const thrown = (name: string) => Object.assign(new Error(), { name });
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'OddError'].map((name) => whyNot(thrown(name)))).toEqual([
    'able.forbidden',
    'able.no_device',
    'able.in_use',
    'able.device_failed',
  ]);
  expect(whyNot('nothing')).toBe('able.device_failed');
});
