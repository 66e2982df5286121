// Whether this reader wants captions: as he chose, and always where the line carries no sound.
import { keep, read } from './playback/kept';

class Reading {
  wished = $state(read('captions') === 'on');
  /** There is no sound: what is said can only be read. */
  forced = $state(false);

  get on(): boolean {
    return this.wished || this.forced;
  }

  choose(on: boolean): void {
    this.wished = on;
    keep('captions', on ? 'on' : 'off');
  }
}

export const reading = new Reading();
