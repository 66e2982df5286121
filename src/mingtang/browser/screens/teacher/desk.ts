// What the teacher's pages ask the server over HTTP: lessons, decks, walls, links.
// Everything that happens inside a lesson goes over the live socket instead.

export interface Failure {
  ok: false;
  /** A message key, or AWAY when the server gave no answer at all. */
  code: string;
  params: Record<string, string | number>;
}

export type Answer<T> = { ok: true; value: T } | Failure;

export const AWAY = 'away';

/** What a file chooser offers as slides; the server looks into the file itself. */
export const DECKS = '.pdf,.pptx,.ppsx,.pptm,.ppt,.pps,.odp';

function failure(body: unknown, status: number): Failure {
  const said = (body ?? {}) as { code?: unknown; params?: unknown };
  const code = typeof said.code === 'string' ? said.code : 'refused';
  const params = typeof said.params === 'object' && said.params ? said.params : {};
  return { ok: false, code, params: { status, ...params } as Failure['params'] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One JSON request; a network failure is an answer too, so that callers have one path. `heard` gets an answer's headers. */
export async function ask<T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST', heard?: (headers: Headers) => void): Promise<Answer<T>> {
  const asJson = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const got = await fetch(path, { method, ...(body === undefined ? {} : asJson) });
    const value = parse(await got.text());
    heard?.(got.headers);
    return got.ok ? { ok: true, value: value as T } : failure(value, got.status);
  } catch {
    return { ok: false, code: AWAY, params: {} };
  }
}

/** A form with a file in it, or a file alone; `progress` hears the share (0 to 1) that has left this computer. */
export function send<T>(path: string, form: FormData | File, progress: (share: number) => void): Promise<Answer<T>> {
  return new Promise((settle) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (step) => step.lengthComputable && progress(step.loaded / step.total);
    request.onerror = request.onabort = () => settle({ ok: false, code: AWAY, params: {} });
    request.onload = () => {
      const value = parse(request.responseText);
      settle(request.status < 300 ? { ok: true, value: value as T } : failure(value, request.status));
    };
    request.open('POST', path);
    request.send(form);
  });
}

/** A file's name without folder and ending: what a teacher would call the lesson. */
export function titleOf(file: { name: string }): string {
  return file.name.replace(/\.[^.]+$/, '').replace(/_+/g, ' ').trim();
}
