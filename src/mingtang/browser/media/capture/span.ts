// How long the pieces are in which sound is sent: short; of who speaks alone to a crowd long, a third of the work for the
// server.

const [SHORT_MS, LONG_MS] = [20, 60];
/** So many listen from elsewhere before the pieces grow long, and so few before they are short again. */
const [CROWD, CROWD_NO_MORE] = [500, 400];

export class Span {
  #crowd = false;

  /** Of so many who listen from elsewhere, and so many sounds. */
  ms(elsewhere: number, sounds: number): number {
    this.#crowd = elsewhere > (this.#crowd ? CROWD_NO_MORE : CROWD);
    return this.#crowd && sounds < 2 ? LONG_MS : SHORT_MS;
  }
}
