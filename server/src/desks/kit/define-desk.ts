import type { KindName } from '@millrace/contract';
import { type AccountKey, cashOf } from '../../ledger/index.ts';
import type { Command, Decision, Desk, DeskMemory, EventDraft, Loader, View } from '../desk.ts';
import type { CommandOf } from './kinds.ts';
import { type Part, partsOf } from './part.ts';
import { writeRows } from './row-set.ts';

/** What the commands of a batch name. Naming too much does no harm but locks it; what nobody named, no decision can touch. */
export class Named<Rows, Settings = unknown, Memory = unknown> {
  /** To be asked for what is to be read: `rows.loans.ask(id)`. */
  readonly rows: Rows;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly accounts = new Set<AccountKey>();
  readonly holds = new Set<string>();
  readonly orders = new Set<string>();

  constructor(rows: Rows, settings: Settings, memory: Memory) {
    this.rows = rows;
    this.settings = settings;
    this.memory = memory;
  }

  /** An account that a decision may touch; one that does not exist yet is opened when it is first posted to. */
  account(account: AccountKey): void {
    this.accounts.add(account);
  }

  /** Nobody's is none: that a command lacks its user, its decision says, and only that command fails. */
  cash(userId: string | null, asset: string): void {
    if (userId !== null) this.accounts.add(cashOf(userId, asset));
  }

  hold(id: string): void {
    this.holds.add(id);
  }

  /** Another order (bare UUID) that a decision looks at, or changes. */
  order(id: string): void {
    this.orders.add(id);
  }
}

/** What a desk does with one kind of commands. */
export interface KindRules<Kind extends KindName, Rows, Change, Settings, Memory> {
  /**
   * Says what the command alone tells: the rows to read, and accounts that are known without them. These are locked on the first
   * way to the database. Reads nothing, and throws for nothing that a schema has admitted.
   */
  names(command: CommandOf<Kind>, named: Named<Rows, Settings, Memory>): void;
  /** The accounts that only rows tell. Now the rows are there. */
  accounts?(command: CommandOf<Kind>, named: Named<Rows, Settings, Memory>): void;
  /** Pure: what comes of the command. */
  decide(command: CommandOf<Kind>, view: View<Rows, Memory>, settings: Settings): Decision<Change>;
}

export interface DeskDeclaration<Kind extends KindName, Rows extends object, Change, Settings, Memory> {
  name: string;
  /**
   * An empty working set: the tables (`RowSet`, `RowGroups`), look-ups, and what else a batch gathers. Its parts are read, and so
   * locked, in the order of the fields.
   */
  rows(): Rows;
  /** The compiler asks for every kind that the desk has in the contract. */
  kinds: { readonly [One in Kind]: KindRules<One, Rows, Change, Settings, Memory> };
  /** For the batch as a whole, when what `names` asked for was read: asks for more, of parts that lock nothing. */
  further?(named: Named<Rows, Settings, Memory>): void;
  /** The accounts that only the batch as a whole tells, when everything was read. */
  accounts?(named: Named<Rows, Settings, Memory>): void;
  apply(rows: Rows, change: Change, memory: Memory): void;
  /** Events about rows as they are after the whole batch. Absent: none. */
  summarize?(rows: Rows): EventDraft[];
  memory?: DeskMemory<Memory>;
  scaleOf?(rows: Rows, asset: string): number | undefined;
}

/**
 * A desk from what it says of each kind: `load` follows from what the commands name, `write` from the tables.
 *
 * @returns the desk of an installation, by its settings.
 */
export function defineDesk<Kind extends KindName, Rows extends object, Change, Settings = void, Memory = unknown>(
  declaration: DeskDeclaration<Kind, Rows, Change, Settings, Memory>,
): (settings: Settings) => Desk<Rows, Change, Memory> {
  type Rules = KindRules<KindName, Rows, Change, Settings, Memory>;
  const { name, kinds, apply, summarize, memory, scaleOf } = declaration;
  const rules = new Map(Object.entries(kinds)) as unknown as ReadonlyMap<string, Rules>;
  const hasLater = [...rules.values()].some((rule) => rule.accounts);
  const rulesOf = ({ kind }: Command): Rules => {
    const found = rules.get(kind);
    if (!found) throw new TypeError(`${kind} is another desk’s`);
    return found;
  };
  // Intake has validated the parameters against the schema of the kind.
  const admitted = (command: Command): CommandOf<KindName> => command as CommandOf<KindName>;
  return (settings) => ({
    name,
    kinds: [...rules.keys()],
    async load(loader, commands, _at, remembered) {
      const rows = declaration.rows();
      const named = new Named(rows, settings, remembered);
      const parts = partsOf(rows);
      for (const command of commands) rulesOf(command).names(admitted(command), named);
      const reading = readAsked(loader, parts);
      // Before the first await: accounts that are named later take another way to the database.
      loader.lockEarly([...named.accounts]);
      await reading;
      if (declaration.further) {
        declaration.further(named);
        const locked = parts.find((part) => part.locks && part.isAsked);
        if (locked) throw new TypeError(`${name}: what is locked as it is read is named by the commands alone`);
        await readAsked(loader, parts);
      }
      if (hasLater) for (const command of commands) rulesOf(command).accounts?.(admitted(command), named);
      declaration.accounts?.(named);
      return { rows, accounts: [...named.accounts], holds: [...named.holds], orders: [...named.orders] };
    },
    decide: (command, view) => rulesOf(command).decide(admitted(command), view, settings),
    apply,
    summarize: summarize ?? (() => []),
    write: writeRows,
    ...(memory && { memory }),
    ...(scaleOf && { scaleOf }),
  });
}

/** Sends everything before it waits for anything, in the order of the parts. */
function readAsked(loader: Loader, parts: readonly Part[]): Promise<unknown> {
  return Promise.all(parts.flatMap((part) => (part.isAsked ? part.read(loader) : [])));
}
