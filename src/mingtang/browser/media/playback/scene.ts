// Who is to be heard and seen, from what the lesson says: people with their tracks, the screen, the board. Knows nothing of
// lines and decoders.
import type { MediaMine, MediaPlace, MediaTrack, MediaView } from '@/wire.gen';

/** What is large: the slides of the lesson, or one of the pictures. */
export const LARGE = ['slides', 'screen', 'board', 'speaker'] as const;
export type Large = (typeof LARGE)[number];

export interface Tile {
  /** The place on the stage, or the room itself. */
  id: string;
  room: boolean;
  /** Oneself: neither heard nor seen. */
  own: boolean;
  name?: string;
  remote: boolean;
  staff: boolean;
  muted: boolean;
  camera?: number;
  /** The same once more, small; missing where it is not sent. */
  small?: number;
  sounds: number[];
}

export interface Scene {
  tiles: Tile[];
  screen?: number;
  board?: number;
  sounds: number[];
  /** Each picture with the sound that it goes with. */
  pairs: Map<number, number | undefined>;
}

const SOUNDS = ['microphone', 'screen_sound', 'room_microphone'];
const SMALL = ['camera_small', 'room_camera_small'];
const FACES = ['camera', 'camera_small'];

/** `live`: what is small was not recorded, an earlier moment has it not. */
export function sceneOf(media: Partial<MediaView> | undefined, mine: MediaMine | undefined, live = true): Scene {
  const stage = { ...media?.stage, ...mine?.group?.stage };
  const tracks = Object.entries({ ...media?.tracks, ...mine?.group?.tracks }).map(([no, track]) => ({ no: Number(no), ...track }));
  const there = Object.entries(stage).filter(([, place]) => !isHere(place));
  const isHidden = ({ source, place }: Numbered): boolean => FACES.includes(source) && !there.some(([no]) => Number(no) === place);
  const wanted = tracks.filter((track) => !isHidden(track) && (live || !SMALL.includes(track.source)));
  const foreign = wanted.filter((track) => !(track.room ? mine?.lent : track.place !== undefined && track.place === mine?.place));
  const tiles = there.map(([no, place]) => tileOf(no, place, foreign, mine));
  if (foreign.some((track) => track.room)) tiles.unshift(roomOf(foreign));
  const sounds = tiles.flatMap((tile) => tile.sounds);
  return { tiles, sounds, screen: lastOf(foreign, 'screen'), board: lastOf(foreign, 'document'), pairs: pairsOf(foreign) };
}

/** The wall, which is told no names, needs nobody who sits before it. */
const isHere = (place: MediaPlace): boolean => place.name === undefined && place.seat === 'room';

type Numbered = MediaTrack & { no: number };

const of = (tracks: Numbered[], ...sources: string[]): number[] => tracks.filter((track) => sources.includes(track.source)).map((track) => track.no);
const lastOf = (tracks: Numbered[], source: string): number | undefined => of(tracks, source).sort((a, b) => a - b).at(-1);

function tileOf(id: string, place: MediaPlace, tracks: Numbered[], mine: MediaMine | undefined): Tile {
  const his = tracks.filter((track) => !track.room && track.place === Number(id));
  return {
    id,
    room: false,
    own: mine?.place === Number(id),
    name: place.name,
    remote: place.seat === 'remote',
    staff: Boolean(place.staff),
    muted: Boolean(place.quiet || place.silenced),
    camera: lastOf(his, 'camera'),
    small: lastOf(his, 'camera_small'),
    sounds: of(his, ...SOUNDS),
  };
}

function roomOf(tracks: Numbered[]): Tile {
  const its = tracks.filter((track) => track.room);
  const sounds = of(its, ...SOUNDS);
  return { id: 'room', room: true, own: false, remote: false, staff: false, muted: sounds.length === 0, camera: lastOf(its, 'room_camera'), small: lastOf(its, 'room_camera_small'), sounds };
}

/** A screen goes with its own sound, all else with the voice of the one who shows it; where he has none, with the room's. */
function pairsOf(tracks: Numbered[]): Map<number, number | undefined> {
  const pictures = tracks.filter((track) => !SOUNDS.includes(track.source));
  const room = of(tracks, 'room_microphone').at(-1);
  return new Map(
    pictures.map((picture) => {
      const his = tracks.filter((track) => track.room === picture.room && track.place === picture.place);
      const sound = (picture.source === 'screen' ? of(his, 'screen_sound').at(-1) : undefined) ?? of(his, 'microphone', 'room_microphone').at(-1);
      return [picture.no, sound ?? room];
    }),
  );
}

/** What can be large now, and what is: the choice where it can be, else a screen that is shown, else the slides. */
export function largeOf(scene: Scene, chosen: Large | undefined, cameras: boolean): { can: Large[]; is: Large } {
  const has: Record<Large, boolean> = {
    slides: true,
    screen: scene.screen !== undefined,
    board: scene.board !== undefined,
    speaker: cameras && scene.tiles.some((tile) => tile.camera !== undefined),
  };
  const can = LARGE.filter((one) => has[one]);
  return { can, is: chosen && has[chosen] ? chosen : has.screen ? 'screen' : 'slides' };
}

/** Whose face is large: who speaks, else who spoke before, else a teacher, else the first. */
export function speakerOf(scene: Scene, speaking: ReadonlySet<string>, before: string | undefined): Tile | undefined {
  const faces = scene.tiles.filter((tile) => tile.camera !== undefined);
  return faces.find((tile) => speaking.has(tile.id)) ?? faces.find((tile) => tile.id === before) ?? faces.find((tile) => tile.staff) ?? faces[0];
}

/** Which track shows a face: the whole picture where it is large, the small one in a tile and while the line carries no more.
 * `lacking`: large ones that the server leaves out. */
export function faceOf(tile: Tile | undefined, large: boolean, lacking: ReadonlySet<number>): number | undefined {
  if (tile?.camera === undefined) return undefined;
  return large && !lacking.has(tile.camera) ? tile.camera : (tile.small ?? tile.camera);
}
