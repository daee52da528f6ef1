/** The path of the system's Chromium; `MILLRACE_CHROMIUM` names another one. undefined: there is none. */
export function findChromium(): string | undefined;
/** What it has to be started with, for this user. */
export function chromiumArguments(): string[];
