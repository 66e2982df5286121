// Before any script of the page: notes what reaches the eye and the ear. `frames` are [seen, moment it shows], `beeps` when
// one was heard, `gaps` the longest silences, `lines` when a media socket was opened. Times are ms UTC.
(() => {
  const [BITS, RATE, WINDOW] = [20, 48000, 32768];
  const noted = (window.__noted = { frames: [], beeps: [], gap: 0, lines: [], since: 0 });
  const wall = () => performance.timeOrigin + performance.now();

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, ...more) {
      super(address, ...more);
      if (String(address).includes('/media/')) noted.lines.push(wall());
    }
  };

  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) listen(this, to.context);
    return connect.call(this, to, ...more);
  };

  function listen(node, context) {
    const ear = context.createAnalyser();
    ear.fftSize = WINDOW;
    connect.call(node, ear);
    const samples = new Float32Array(WINDOW);
    let [seen, loud, quiet, still] = [0, false, 0, 0];
    setInterval(() => {
      const [end, now] = [Math.round(context.currentTime * RATE), wall() + (context.outputLatency || 0) * 1000];
      ear.getFloatTimeDomainData(samples);
      for (let n = Math.max(0, WINDOW - (end - seen)); n < WINDOW; n += 1) {
        const strength = Math.abs(samples[n]);
        still = strength < 0.004 ? still + 1 : 0;
        noted.gap = Math.max(noted.gap, (still / RATE) * 1000);
        quiet = strength > 0.3 ? 0 : quiet + 1;
        if (strength > 0.3 && !loud) noted.beeps.push(now - (WINDOW - n) / 48);
        loud = strength > 0.3 || (loud && quiet < RATE / 10);
      }
      seen = end;
    }, 8);
  }

  const small = Object.assign(document.createElement('canvas'), { width: BITS + 1, height: 1 });
  const pen = small.getContext('2d', { willReadFrequently: true });
  let last = -1;

  function moment(canvas) {
    pen.drawImage(canvas, 0, canvas.height / 16, canvas.width, canvas.height / 8, 0, 0, BITS + 1, 1);
    const { data } = pen.getImageData(0, 0, BITS + 1, 1);
    let [value, parity] = [0, 0];
    for (let bit = 0; bit <= BITS; bit += 1) {
      const light = data[bit * 4];
      if (light > 96 && light < 160) return undefined;
      const on = Number(light >= 160);
      if (bit < BITS) value |= on << bit;
      parity ^= on;
    }
    return parity === 0 && value > 0 ? value : undefined;
  }

  setInterval(() => {
    const drawn = [...document.querySelectorAll('.watch canvas')].filter((one) => one.width > 1 && one.width !== 300);
    const canvas = drawn.sort((one, other) => other.width - one.width)[0];
    const shown = canvas && moment(canvas);
    if (shown === undefined || shown === last) return;
    last = shown;
    const now = wall();
    const whole = now - ((((now - shown) % 2 ** BITS) + 2 ** BITS) % 2 ** BITS);
    noted.frames.push([now, whole]);
  }, 3);
})();
