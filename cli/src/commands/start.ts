import type { Parsed } from '../context.ts';

/** Becomes the server: same process, same signals. The server reads its flags from the command line, as with `npm start`. */
export async function start(options: Parsed, flags: readonly string[]): Promise<void> {
  const known = [
    ...(options.data === undefined ? [] : [`--data=${options.data}`]),
    ...(options.databaseUrl === undefined ? [] : [`--database-url=${options.databaseUrl}`]),
  ];
  process.argv.splice(2, process.argv.length, ...known, ...flags);
  await import('@millrace/server/main');
}
