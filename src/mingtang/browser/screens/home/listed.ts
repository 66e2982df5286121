// What the server tells of its lessons.

export interface Seats {
  room: number;
  remote: number;
}

export interface Listed {
  id: string;
  code: string;
  title: string;
  course?: string;
  /** UTC ms. */
  opened: number;
  ended?: number;
  here?: Seats;
  joined?: number;
}
