import { Command, Option } from 'commander';
import type { Context, Parsed } from './context.ts';
import { EXIT_CODES, type ExitName } from './failure.ts';
import { amountText, deadlineText, idText, rateText, wholeNumber } from './option-values.ts';

/** Does a command's work; what it returns is how the process ends (default `ok`). */
export type Act = (options: Parsed, work: (context: Context) => Promise<ExitName | void>) => Promise<void>;

/** Every command, with its options. The code of a command is loaded when it runs: `status` needs no database driver. */
export function createProgram({ act }: { act: Act }): Command {
  const program = new Command('millrace')
    .description('A self-hosted order engine for money.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help says more)')
    .addOption(
      new Option('-o, --output <format>', 'how results are printed on stdout')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option('--url <url>', 'the server (MILLRACE_URL; default: the one that runs in the data folder)')
    .option('--token <token>', 'API key or session token (better MILLRACE_TOKEN: others can see a command line)')
    .option('--data <folder>', 'the data folder (MILLRACE_DATA; default .millrace)')
    .option('--database-url <url>', 'the outside PostgreSQL server (DATABASE_URL)')
    .addHelpText('after', exitCodeHelp);
  addServerCommands(program, act);
  addClockCommands(program, act);
  addDatabaseCommands(program, act);
  addClientCommands(program, act);
  return program;
}

function exitCodeHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

function addServerCommands(program: Command, act: Act): void {
  program
    .command('start')
    .description('start the server; every setting of `millrace config` is a flag: --port 4000, --no-demo')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      const { start } = await import('./commands/start.ts');
      await start(command.optsWithGlobals<Parsed>(), command.args);
    });
  program
    .command('status')
    .description('say where the server is, and whether it is ready')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { status } = await import('./commands/status.ts');
        return status(context);
      }),
    );
  program
    .command('config')
    .description('print every setting of the server with its origin, secrets hidden; takes the flags of `start`')
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { config } = await import('./commands/config.ts');
        config(context, command.args);
      }),
    );
}

function addClockCommands(program: Command, act: Act): void {
  const clock = program
    .command('clock')
    .description('say whether the server believes its clock, and why what is due may wait')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { clockShow } = await import('./commands/clock.ts');
        await clockShow(context);
      }),
    );
  clock
    .command('confirm')
    .description('say that the server’s time is right: what is due is collected, expired and given up again')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { clockConfirm } = await import('./commands/clock.ts');
        await clockConfirm(context);
      }),
    );
}

function addDatabaseCommands(program: Command, act: Act): void {
  program
    .command('migrate')
    .description('apply the migrations that the database does not have yet')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { migrate } = await import('./commands/migrate.ts');
        await migrate(context);
      }),
    );
  program
    .command('verify')
    .description('check every invariant against the database, and say which row is wrong')
    .option('--full', 'read everything, also what an earlier run has proven')
    .action(({ full = false }: { full?: boolean }, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { verify } = await import('./commands/verify.ts');
        return verify(context, { full });
      }),
    );
  const user = program.command('user').description('make users, and links to a new password');
  user
    .command('reset-link <email>')
    .description('make a one-time link to a new password, good for 24 hours')
    .action((email: string, _options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { userResetLink } = await import('./commands/user.ts');
        await userResetLink(context, email);
      }),
    );
  user
    .command('create')
    .description('make a user in the database; a service gets an API key')
    .requiredOption('--email <address>', 'e-mail address')
    .option('--name <name>', 'name (default: the e-mail address)')
    .addOption(
      new Option('--role <role>', 'role').choices(['investor', 'trader', 'operator', 'service']).default('investor'),
    )
    .option('--password-stdin', 'read the password from standard input (default: ask, or make one up)')
    .option('--no-login', 'a user without a password')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { userCreate } = await import('./commands/user.ts');
        await userCreate(context, command.opts());
      }),
    );
  program
    .command('demo')
    .description('start the demo installation over')
    .command('reset')
    .description('remove everything in a demo installation; the next start makes it again')
    .option('--yes', 'do not ask, and stop a running server', false)
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { demoReset } = await import('./commands/demo-reset.ts');
        await demoReset(context, command.opts());
      }),
    );
}

/** Most loans of one command: a slip of the finger must not make a million. */
const LOANS_MAX = 10_000;
/** Requests at once: one commits, one waits, two are on their way. More than a few gain nothing. */
const PARALLEL_MAX = 16;
const PARALLEL_DEFAULT = 4;

function addClientCommands(program: Command, act: Act): void {
  const loan = program.command('loan').description('open loans, and close them for funding');
  loan
    .command('close')
    .argument('<loan>', 'its id, or the address of its page', idText('loan'))
    .description('end the funding of an open loan: every investor gets the money back; it cannot be undone')
    .requiredOption('--reason <text>', 'why, in words that everybody may read')
    .action((id: string, _options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { loanClose } = await import('./commands/loan-close.ts');
        await loanClose(context, id, command.opts());
      }),
    );
  loan
    .command('create')
    .description('open loans for funding; what is not said is made up')
    .option('--count <number>', 'how many', wholeNumber(1, LOANS_MAX), 1)
    .option('--borrower <user>', 'whom they are for, usr_… (default in a demo: its virtual borrowers)', idText('usr'))
    .option('--amount <amount>', 'amount, such as 12500.00', amountText)
    .option('--apr <rate>', 'yearly rate: 7.25% or 0.0725', rateText)
    .option('--term <months>', 'term in months', wholeNumber(1, 480))
    .addOption(new Option('--grade <grade>', 'risk grade').choices(['A', 'B', 'C', 'D', 'E', 'F', 'G']))
    .option('--purpose <text>', 'purpose')
    .option('--deadline <when>', 'how long they can be funded: days from now, or a time (default 21)', deadlineText)
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { loanCreate } = await import('./commands/loan-create.ts');
        await loanCreate(context, command.opts());
      }),
    );
  addMerchantCommands(program, act);
  program
    .command('orders')
    .description('send orders')
    .command('submit <file>')
    .description(
      'send a file of orders (NDJSON or CSV; - for standard input); run it again to go on after an interruption',
    )
    .addOption(new Option('--format <format>', 'default: by the file’s extension').choices(['ndjson', 'csv']))
    .option('--kind <kind>', 'kind of the lines that name none')
    .option('--run-id <name>', 'what makes two runs the same one (default: name and content of the file)')
    .option(
      '--parallel <number>',
      'requests at once; 1 keeps the order of the file',
      wholeNumber(1, PARALLEL_MAX),
      PARALLEL_DEFAULT,
    )
    .option('--rejects <file>', 'write the lines that were not accepted to this file, as NDJSON')
    .action((file: string, _options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { ordersSubmit } = await import('./commands/orders-submit.ts');
        return ordersSubmit(context, file, command.opts());
      }),
    );
  program
    .command('events')
    .description('follow events')
    .command('tail')
    .description('follow events as they are committed; a lost connection goes on where it was')
    .option('--channel <channel>', 'me, loans, loan:<loan_id> or operators (default: operators for operators, else me)')
    .option('--after <cursor>', 'begin behind this cursor (default: now)')
    .option('--limit <number>', 'end after so many events', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { eventsTail } = await import('./commands/events-tail.ts');
        return eventsTail(context, command.opts());
      }),
    );
}

function addMerchantCommands(program: Command, act: Act): void {
  const merchant = program.command('merchant').description('say who can be paid under a handle');
  merchant
    .command('register <handle>')
    .description('take payments to this handle from now on; where they go cannot be changed afterwards')
    .option('--name <name>', 'what payers see (default: the handle)')
    .option('--owner <user>', 'the user who receives, usr_… (default: the merchant has accounts of its own)')
    .action((handle: string, _options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { merchantRegister } = await import('./commands/merchant.ts');
        await merchantRegister(context, handle, command.opts());
      }),
    );
  merchant
    .command('list')
    .description('list merchants; operators see owners and disabled ones too')
    .option('--search <text>', 'a part of the handle or the name')
    .action((_options: unknown, command: Command) =>
      act(command.optsWithGlobals<Parsed>(), async (context) => {
        const { merchantList } = await import('./commands/merchant.ts');
        await merchantList(context, command.opts());
      }),
    );
  for (const name of ['disable', 'enable'] as const) {
    merchant
      .command(`${name} <handle>`)
      .description(name === 'disable' ? 'take no more payments to this handle' : 'take payments to this handle again')
      .action((handle: string, _options: unknown, command: Command) =>
        act(command.optsWithGlobals<Parsed>(), async (context) => {
          const { merchantSwitch } = await import('./commands/merchant.ts');
          await merchantSwitch(context, handle, name === 'disable');
        }),
      );
  }
}
