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
