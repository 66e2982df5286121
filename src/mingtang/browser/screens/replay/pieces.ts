// What of the student's components stands in a replay: what is seen, not what speaks up. And what a replay has alone.
import { arrange, type PieceModule, type Places } from '@/places';

const SEEN: Record<string, readonly string[]> = {
  slides: ['stage'],
  ink: ['stage'],
  poll: ['work'],
  peer: ['work'],
  questions: ['more'],
  timer: ['line'],
  hands: ['line'],
  captions: ['work'],
};

const own = import.meta.glob<PieceModule>('../../../activities/{slides,ink,poll,peer,questions,timer,hands,captions}/Student.svelte', { eager: true });
const late = import.meta.glob<PieceModule>('../../../activities/*/Late.svelte', { eager: true });

function seen(path: string, module: PieceModule): PieceModule {
  const wanted = SEEN[path.split('/').at(-2) ?? ''];
  return { default: module.default, order: module.order, places: (module.places ?? []).filter((place) => wanted.includes(place)) };
}

export const pieces: Places = arrange({ ...Object.fromEntries(Object.entries(own).map(([path, module]) => [path, seen(path, module)])), ...late });
