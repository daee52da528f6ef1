import type { DESK_SETTINGS, DeskContract, FoundName, IdKind, KindName, Starter } from '@millrace/contract';
import type pg from 'pg';
import type Type from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { ConfigOptions, ConfigValues } from '../core/config-option.ts';
import type { JsonObject } from '../core/json.ts';
import type { AssetBook } from '../ledger/index.ts';
import type { DeskDemo } from './demo.ts';
import type { Check, Desk, Overdue } from './desk.ts';
import type { Errand } from './errand.ts';
import type { Gateway } from './gateway.ts';
import type { DeskLines, DeskTotals, Fields, FoundOf } from './read-models.ts';
import type { LogReaders } from './readers.ts';
import type { Report, SignedOf } from './report.ts';
import type { ResourcesOf } from './resource.ts';

/** A command that time has made due. Its id is made of `name`: the same cause acts once, however often it is submitted. */
export interface DueCommand {
  kind: KindName;
  name: string;
  params: JsonObject;
  /** About how many rows it changes. Default 1. */
  weight?: number;
  /** Where it stands in its source's order. */
  place: string;
}

/** Knows what time has made due. */
export interface DueSource {
  /**
   * At most `limit` commands that are due at `at` (ms since the epoch), in an order of the source's, behind the place `after`
   * where that is given. Fewer than `limit`: there are no more. What another process or a rule leaves due may be named
   * again, under the same name.
   */
  due(at: number, limit: number, after?: string): Promise<readonly DueCommand[]>;
  /** How much that is, counted up to `limit`. */
  count(at: number, limit: number): Promise<number>;
}

/** What a desk is given of the installation that it works in. */
export interface DeskContext<Options extends ConfigOptions = ConfigOptions> {
  /** For readers: what a decision needs, the batch's transaction loads. */
  pool: pg.Pool;
  clock: Clock;
  assets: AssetBook;
  /** What brings money in and out; null: nothing does. */
  gateway: Gateway | null;
  /** What was committed, as readers find it. */
  readers: LogReaders;
  /** The settings that the desk has declared. */
  config: ConfigValues<Options>;
}

/** Things of a desk that have a name, which everybody may know. */
export interface NamedThings {
  /** Whose ids name them: the ids in orders, events and assets are shown with the name. Absent: `field` tells them. */
  id?: IdKind;
  /** A field of parameters and events that names one by something else than an id: a handle. */
  field?: string;
  /** What the code of an asset begins with that is one thing's own; its UUID follows. */
  assetPrefix?: string;
  /** Columns `id` and `name` of those in `$1`: an array of UUIDs, or of the field's values in small letters. */
  sql: string;
}

/** What everybody may know of the desks' settings, in the answer of `getInstallation`. */
export type DeskSettings = Values<typeof DESK_SETTINGS>;

type Values<Fields> = { [Name in keyof Fields]: Fields[Name] extends Type.TSchema ? Type.Static<Fields[Name]> : never };
/** The fields that the contract has of a part; never where it has none. */
type FieldsOf<Contract, Part extends string> = Contract extends { readonly [Name in Part]: infer Value extends Fields }
  ? Value
  : never;
type FoundIn<Contract> = Contract extends { readonly found: readonly (infer Name extends FoundName)[] } ? Name : never;

/** What a new user is granted. */
export interface Bonus {
  /** Bare UUID. */
  userId: string;
  asset: string;
  /** Decimal string. */
  amount: string;
}

/** What the outside reports: a report for each operation of the desk that is signed. */
type ReportsOf<Contract extends DeskContract> = [SignedOf<Contract>] extends [never]
  ? { reports?: Readonly<Record<string, Report>> }
  : { reports: { readonly [Id in SignedOf<Contract>]: Report } };

/** The contract's kinds that something starts; never where there are none. */
type StartedBy<Contract extends DeskContract, By extends Starter> = {
  [Name in keyof Contract['kinds']]: Contract['kinds'][Name] extends { startedBy: By } ? Name : never;
}[keyof Contract['kinds']] &
  KindName;

/** What starts the commands of Millrace's own, beside reports: required where the contract has such a kind. */
type StartersOf<Contract extends DeskContract> = ([StartedBy<Contract, 'time'>] extends [never]
  ? { due?: DueSource }
  : { due: DueSource }) &
  ([StartedBy<Contract, 'errand'>] extends [never]
    ? { errands?: readonly Errand[] }
    : { errands: readonly [Errand, ...Errand[]] });

/** The command that grants a new user the starting balance. One desk has it. */
interface Grant<Kind extends KindName = KindName> {
  kind: Kind;
  paramsOf(bonus: Bonus): JsonObject;
}
type GrantOf<Contract extends DeskContract> = [StartedBy<Contract, 'new user'>] extends [never]
  ? { grant?: Grant }
  : { grant: Grant<StartedBy<Contract, 'new user'>> };

/** Its part of what everybody may know of the installation: required where the contract has it. */
type SettingsOf<Contract extends DeskContract> = [FieldsOf<Contract, 'settings'>] extends [never]
  ? { settings?: Readonly<Record<string, unknown>> }
  : { settings: Values<FieldsOf<Contract, 'settings'>> };

/** Its part of what no single desk answers: required where the contract has it. */
type ReadModelsOf<Contract extends DeskContract> = ([FieldsOf<Contract, 'lines'>] extends [never]
  ? { lines?: Partial<DeskLines> }
  : { lines: DeskLines<FieldsOf<Contract, 'lines'>> }) &
  ([FieldsOf<Contract, 'totals'>] extends [never]
    ? { totals?: DeskTotals }
    : { totals: DeskTotals<FieldsOf<Contract, 'totals'>> }) &
  ([FoundIn<Contract>] extends [never] ? { found?: Partial<FoundOf> } : { found: FoundOf<FoundIn<Contract>> });

/** A desk at work in one installation. */
export type RunningDesk<Contract extends DeskContract = DeskContract> = ReportsOf<Contract> &
  SettingsOf<Contract> &
  StartersOf<Contract> & {
    desk: Desk;
    /** What the desk's operations answer. */
    resources: ResourcesOf<Contract>;
  };

/**
 * Everything that the server knows of a desk. What needs no running desk – settings for a command line, checks for `millrace
 * verify` – is there without one.
 */
export type DeskModule<
  Contract extends DeskContract = DeskContract,
  Options extends ConfigOptions = ConfigOptions,
> = ReadModelsOf<Contract> &
  GrantOf<Contract> & {
    /** Settings of the server that only this desk reads. */
    options: Options;
    /** Absent: nothing of the desk has a name. */
    named?: readonly NamedThings[];
    /**
     * Orders whose money other commands move as well, commands of the system's own: by kind, the names of those commands for the
     * order `ord_…`. Under their ids stands in the ledger what an explanation shows of the order.
     */
    movedBy?: { readonly [Kind in keyof Contract['kinds']]?: (orderId: string) => readonly string[] };
    /** Absent: a demonstration shows nothing of the desk. */
    demo?: DeskDemo;
    /** What must always hold about the desk's rows. */
    checks: readonly Check[];
    /** What of the desk's business others wait for. */
    overdue: readonly Overdue[];
    /** @throws RangeError where a setting does not fit. */
    create(context: DeskContext<Options>): RunningDesk<Contract>;
  };
