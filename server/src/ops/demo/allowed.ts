/** Demo accounts have printed passwords: they must never be reachable by others. */
export class DemoInProduction extends Error {
  readonly code = 'demo_in_production';

  constructor(remedy: string) {
    super(`NODE_ENV is production, and demo accounts have public passwords: ${remedy}, or unset NODE_ENV`);
    this.name = 'DemoInProduction';
  }
}

/**
 * To be called before anything is served.
 *
 * @throws DemoInProduction
 */
export function requireDemoAllowed(installation: { demo: boolean }, nodeEnv: string | undefined): void {
  if (!installation.demo || nodeEnv !== 'production') return;
  throw new DemoInProduction(
    'this is a demo installation, so use a new data folder (--data) or database (--database-url)',
  );
}

/**
 * To be called before an installation is written down: what is a demo once stays one.
 *
 * @throws DemoInProduction
 */
export function requireNewDemoAllowed(nodeEnv: string | undefined): void {
  if (nodeEnv === 'production') throw new DemoInProduction('start with --no-demo');
}

/** A demonstration's history begins with deposits, which come out of nothing. */
class DemoWithoutMoney extends Error {
  readonly code = 'config_invalid';
}

/**
 * To be called before an installation is written down: a history that cannot be made would have its ids, and be in the way of
 * every later start. A demo that has its history may have any gateway.
 *
 * @param gateway as `--gateway` has it.
 * @throws DemoWithoutMoney
 */
export function requirePlayMoney(gateway: string | undefined): void {
  if (gateway === undefined || gateway === 'auto' || gateway === 'simulated') return;
  throw new DemoWithoutMoney(
    `the history of a demo is made with play money, and --gateway ${gateway} has none: start the demo once without it (from then on ` +
      'it may have any gateway), or make a new installation that is no demo (--no-demo)',
  );
}
