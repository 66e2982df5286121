// The activities' components for this screen. The stage is the wall itself, smaller: where an activity
// has nothing of its own for a place of the stage, what it shows on the wall stands there.

import { arrange, type PieceModule, type Places } from '@/places';

const own = import.meta.glob<PieceModule>('../../../activities/*/Teacher.svelte', { eager: true });
const wall = import.meta.glob<PieceModule>('../../../activities/*/Wall.svelte', { eager: true });
const ON_WALL = ['stage', 'sheet', 'over'];

function missing(path: string, module: PieceModule): PieceModule {
  const covered = own[path.replace('Wall.svelte', 'Teacher.svelte')]?.places ?? [];
  const places = (module.places ?? []).filter((place) => ON_WALL.includes(place) && !covered.includes(place));
  return { ...module, default: module.default, order: module.order, places };
}

const borrowed = Object.fromEntries(Object.entries(wall).map(([path, module]) => [path, missing(path, module)]));

export const pieces: Places = arrange({ ...own, ...borrowed });
