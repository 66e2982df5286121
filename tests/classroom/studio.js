// What every page of a studio is given before its own scripts: a note of all that could sound, listen or look, and with
// `window.__clock` set a camera and a microphone that show one clock: a white flash and a tone at every whole second. It is
// 'loud' where a shared screen has sound, too, 'silent' where there is no tone; `window.__calm` makes few pictures.
(() => {
  const used = (window.__used = []);
  const real = { AudioContext: window.AudioContext, open: navigator.mediaDevices?.getUserMedia, share: navigator.mediaDevices?.getDisplayMedia };
  const open = (window.__tracks = []);

  const noted = (name, Made) => Made && new Proxy(Made, { construct: (made, given, of) => (used.push(name), Reflect.construct(made, given, of)) });
  for (const name of ['AudioContext', 'OfflineAudioContext', 'RTCPeerConnection', 'MediaSource', 'AudioDecoder', 'AudioEncoder', 'VideoDecoder', 'VideoEncoder', 'Audio']) {
    if (window[name]) window[name] = noted(name, window[name]);
  }
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    used.push('play');
    return play.call(this);
  };
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getUserMedia = async function (asked) {
    used.push('getUserMedia');
    return keep(window.__clock ? await clock(asked) : await real.open.call(navigator.mediaDevices, asked));
  };
  navigator.mediaDevices.getDisplayMedia = async function (asked) {
    used.push('getDisplayMedia');
    return keep(window.__clock ? await clock({ video: asked.video, audio: window.__clock === 'loud' && asked.audio }) : await real.share.call(navigator.mediaDevices, asked));
  };

  function keep(stream) {
    open.push(...stream.getTracks());
    return stream;
  }

  const wall = () => performance.timeOrigin + performance.now();

  async function clock(asked) {
    return new MediaStream([...(asked.video ? [face()] : []), ...(asked.audio ? [await tone()] : [])]);
  }

  function face() {
    console.debug('a camera that is drawn');
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const pen = canvas.getContext('2d');
    const draw = () => {
      pen.fillStyle = wall() % 1000 < 400 ? '#fff' : '#123';
      pen.fillRect(0, 0, 640, 360);
      pen.fillStyle = '#c40';
      pen.fillRect((wall() / 10) % 600, 300, 40, 40);
    };
    draw();
    const [track] = canvas.captureStream(window.__calm ? 12 : 30).getVideoTracks();
    const timer = setInterval(() => (track.readyState === 'live' ? draw() : clearInterval(timer)), window.__calm ? 40 : 16);
    return track;
  }

  async function tone() {
    const context = new real.AudioContext({ sampleRate: 48000 });
    await context.resume();
    const [way, source, loud] = [context.createMediaStreamDestination(), context.createOscillator(), context.createGain()];
    source.frequency.value = 1000;
    loud.gain.value = 0;
    source.connect(loud).connect(way);
    source.start();
    let next = 0;
    setInterval(() => {
      const second = (Math.floor(wall() / 1000) + 1) * 1000;
      if (second === next) return;
      next = second;
      const at = context.currentTime + (second - wall()) / 1000;
      loud.gain.setValueAtTime(window.__clock === 'silent' ? 0 : 0.5, at);
      loud.gain.setValueAtTime(0, at + 0.4);
    }, 100);
    return way.stream.getAudioTracks()[0];
  }
})();
