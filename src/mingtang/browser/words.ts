// How numbers are written, the same on every screen.

/** Seconds as 0:48, 28:40 or 1:05:09. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A lesson code as it is said: 482 937. */
export function codeText(code: string): string {
  return code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}

/** A share of 0 to 1 as whole percent: 47 %, in Chinese without the space. */
export function shareText(share: number, lang: string): string {
  return `${Math.round(share * 100)}${lang.startsWith('zh') ? '' : '\u00a0'}%`;
}

/** A for 0, B for 1, … */
export function letter(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}
