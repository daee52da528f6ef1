import { readFile, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createDatabase } from '../support/database.ts';
import { describeSchema } from '../support/schema-manifest.ts';

const MANIFEST = new URL('../../migrations/schema.manifest', import.meta.url);

/** `UPDATE_MANIFEST=1 npm test -- server/test/integration/schema.test.ts` writes the file again after a migration. */
const isUpdate = process.env['UPDATE_MANIFEST'] === '1';

test('the migrations make the schema of server/migrations/schema.manifest', async () => {
  const database = await createDatabase();
  const pool = createPool(database.connection);
  onTestFinished(async () => {
    await pool.end();
    await database.drop();
  });
  const schema = await describeSchema(pool);
  if (isUpdate) await writeFile(MANIFEST, schema);
  expect(schema, 'a migration changed the schema: run this test with UPDATE_MANIFEST=1').toBe(
    await readFile(MANIFEST, 'utf8'),
  );
});
