// A page that was loaded before its reader joined from afar came with headers that forbid microphone and camera: it is
// loaded again, once.
const TRIED = 'mingtang.media.reload';

interface Policy {
  allowsFeature(feature: string): boolean;
}

/** Browsers that cannot be asked ask at the microphone itself. */
export function allowed(): boolean {
  const { featurePolicy } = document as { featurePolicy?: Policy };
  return featurePolicy?.allowsFeature('microphone') ?? true;
}

/** Loads the page again, unless that was tried a moment ago; true while it does. */
export function reloadOnce(): boolean {
  try {
    const before = Number(sessionStorage.getItem(TRIED) ?? 0);
    if (Date.now() - before < 60_000) return false;
    sessionStorage.setItem(TRIED, String(Date.now()));
  } catch {
    return false;
  }
  location.reload();
  return true;
}
