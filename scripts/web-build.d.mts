/** Makes sure that web/dist is what the sources say; `node` runs the building. */
export function ensureWebBuilt(root: string, node: string): Promise<void>;
