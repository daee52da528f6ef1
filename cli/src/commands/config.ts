import { describeConfig } from '@millrace/server/config';
import { type Context, settingsOf } from '../context.ts';
import { renderTable } from '../output.ts';

/** Every setting as the server would have it here, and where it comes from. Secrets are hidden. */
export function config(context: Context, flags: readonly string[]): void {
  const described = describeConfig(settingsOf(context, flags));
  const asJson = Object.fromEntries(
    described.map(({ name, value, origin, description }) => [name, { value, origin, description }]),
  );
  context.output.result(asJson, () =>
    renderTable(described, [
      { title: 'setting', value: (row) => row.name },
      { title: 'value', value: (row) => row.value },
      { title: 'origin', value: (row) => row.origin },
      { title: 'meaning', value: (row) => row.description },
    ]),
  );
}
