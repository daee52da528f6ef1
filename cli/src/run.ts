import { CommanderError } from 'commander';
import type { Context, Parsed } from './context.ts';
import { type CliFailure, EXIT_CODES, type ExitName, failureOf } from './failure.ts';
import { createOutput } from './output.ts';
import { createProgram } from './program.ts';

/** Runs one command line and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  const interrupt = (): void => {
    // The second one does not wait for anything.
    if (stopping.signal.aborted) process.exit(EXIT_CODES.interrupted.code);
    stopping.abort();
  };
  endQuietlyWithoutReader();
  let exit: ExitName = 'ok';
  const program = createProgram({
    act: async (options, work) => {
      process.on('SIGINT', interrupt);
      process.on('SIGTERM', interrupt);
      exit = (await work(contextOf(options, stopping.signal))) ?? 'ok';
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // commander has said what is wrong; help and version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
    return EXIT_CODES[tell(failureOf(error))].code;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  return EXIT_CODES[exit].code;
}

function contextOf({ output, ...global }: Parsed, signal: AbortSignal): Context {
  return { output: createOutput(output, process), env: process.env, signal, global };
}

function tell(failure: CliFailure): ExitName {
  process.stderr.write(`millrace: ${failure.message}\n`);
  if (failure.hint !== undefined) process.stderr.write(`${failure.hint}\n`);
  // What nobody expected comes with its trace.
  if (failure.exit === 'failed' && process.env['MILLRACE_DEBUG'] !== undefined) console.error(failure.cause ?? failure);
  return failure.exit;
}

/** `millrace events tail | head -1`: the reader has enough. */
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok.code);
    throw error;
  });
}
