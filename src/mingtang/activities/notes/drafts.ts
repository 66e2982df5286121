/** Notes by step that the server has not answered for yet: what is shown when a sheet is opened again meanwhile. */
export const drafts = new Map<string, string>();
