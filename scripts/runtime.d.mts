export const nodeTested: string;
export function chooseNode(
  ownVersion: string | null,
  runningVersion: string,
): { isOwn: boolean; version: string } | null;
export function ageWarning(version: string): string | null;
