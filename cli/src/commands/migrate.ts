import { migrate as applyMigrations } from '@millrace/server/db/migrator';
import type { Context } from '../context.ts';
import { openDirectly } from '../database.ts';

/** Applies what the database does not have yet; makes the embedded database where there is none. */
export async function migrate(context: Context): Promise<void> {
  const { output } = context;
  const database = await openDirectly(context, { create: true });
  try {
    const applied = await applyMigrations(database.connection);
    output.result({ applied }, () =>
      applied.length === 0
        ? 'Nothing to do: every migration is applied.'
        : applied.map((name) => `applied  ${name}`).join('\n'),
    );
  } finally {
    await database.close();
  }
}
