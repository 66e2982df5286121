// Where the browser has no stream of samples: a node that hands on what it hears, ten thousandths of a second or so at a time.
declare const sampleRate: number;
declare const registerProcessor: (name: string, made: unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const BLOCK = 512;

class Tap extends AudioWorkletProcessor {
  #held = new Float32Array(BLOCK);
  #size = 0;
  #seen = 0;
  #way: MessagePort | undefined;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => (this.#way = data);
  }

  process([channels]: Float32Array[][]): boolean {
    const quantum = channels[0];
    if (!quantum) return true;
    for (let n = 0; n < quantum.length; n += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[n];
      this.#held[this.#size + n] = sum / channels.length;
    }
    this.#size += quantum.length;
    this.#seen += quantum.length;
    if (this.#size >= BLOCK) this.#give();
    return true;
  }

  #give(): void {
    const samples = this.#held.slice();
    this.#way?.postMessage({ samples, rate: sampleRate, end: (this.#seen / sampleRate) * 1_000 }, [samples.buffer]);
    this.#size = 0;
  }
}

registerProcessor('tap', Tap);
