// Before any script of the page: microphone and camera that tell the time. The picture carries its moment as twenty bits
// and a parity bit; the sound is a quiet tone with a loud beep of 50 ms at each whole second. Times are ms UTC.
(() => {
  const [BITS, WIDTH, HEIGHT, EVERY_MS] = [20, 960, 540, 33];
  const wall = () => performance.timeOrigin + performance.now();
  let sound;

  function picture() {
    const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
    const pen = canvas.getContext('2d', { alpha: false });
    const wide = WIDTH / (BITS + 1);
    const draw = () => {
      const now = Math.floor(wall()) % 2 ** BITS;
      let parity = 0;
      pen.fillStyle = '#444';
      pen.fillRect(0, 0, WIDTH, HEIGHT);
      pen.fillStyle = '#999';
      pen.fillRect((now / 5) % WIDTH, HEIGHT / 2, 40, 40);
      for (let bit = 0; bit <= BITS; bit += 1) {
        const on = bit < BITS ? (now >> bit) & 1 : parity;
        parity ^= on;
        pen.fillStyle = on ? '#fff' : '#000';
        pen.fillRect(bit * wide, 0, wide, HEIGHT / 4);
      }
    };
    draw();
    setInterval(draw, EVERY_MS);
    return canvas.captureStream(30).getVideoTracks()[0];
  }

  function tone() {
    sound ??= new AudioContext({ sampleRate: 48000 });
    const [wave, loud, out] = [sound.createOscillator(), sound.createGain(), sound.createMediaStreamDestination()];
    wave.frequency.value = 440;
    loud.gain.value = 0.1;
    wave.connect(loud).connect(out);
    wave.start();
    let told = 0;
    setInterval(() => {
      const second = Math.ceil(wall() / 1000) * 1000;
      if (second === told) return;
      told = second;
      const at = sound.currentTime + (second - wall()) / 1000;
      loud.gain.setValueAtTime(0.8, at);
      loud.gain.setValueAtTime(0.1, at + 0.05);
    }, 100);
    return out.stream.getAudioTracks()[0];
  }

  navigator.mediaDevices.getUserMedia = async (asked) => new MediaStream([...(asked.audio ? [tone()] : []), ...(asked.video ? [picture()] : [])]);
})();
