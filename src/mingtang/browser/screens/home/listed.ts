// What the server tells of its lessons.

export interface Listed {
  id: string;
  code: string;
  title: string;
  course?: string;
  /** UTC ms. */
  opened: number;
  ended?: number;
  /** Students ever admitted. */
  joined: number;
  /** Students connected now; only while the lesson runs. */
  here?: { room: number; remote: number };
  pages?: number;
  /** The picture of the first page. */
  asset?: string;
}
