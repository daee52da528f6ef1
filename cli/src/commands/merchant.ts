import type { MerchantView } from '@millrace/contract';
import type { Context } from '../context.ts';
import { renderFields, renderTable } from '../output.ts';
import { serverOf } from '../server.ts';

/** Registers who can be paid under a handle. */
export async function merchantRegister(
  context: Context,
  handle: string,
  { name = handle, owner }: { name?: string; owner?: string },
): Promise<void> {
  const { merchants } = serverOf(context).client;
  const input = { handle, name, ...(owner === undefined ? {} : { owner }) };
  print(context, await merchants.register(input, { signal: context.signal }));
}

export async function merchantList(context: Context, { search }: { search?: string }): Promise<void> {
  const { merchants } = serverOf(context).client;
  const found: MerchantView[] = [];
  const query = search === undefined ? {} : { search };
  for await (const merchant of merchants.all(query, { signal: context.signal })) found.push(merchant);
  context.output.result(found, () =>
    renderTable(found, [
      { title: 'handle', value: ({ handle }) => handle },
      { title: 'name', value: ({ name }) => name },
      { title: 'receives', value: receiverOf },
      { title: 'state', value: stateOf },
    ]),
  );
}

/** Ends payments to a merchant, or takes them again. */
export async function merchantSwitch(context: Context, handle: string, disabled: boolean): Promise<void> {
  const { merchants } = serverOf(context).client;
  print(context, await merchants.update(handle, { disabled }, { signal: context.signal }));
}

function print({ output }: Context, merchant: MerchantView): void {
  output.result(merchant, () =>
    renderFields([
      ['handle', merchant.handle],
      ['name', merchant.name],
      ['receives', receiverOf(merchant)],
      ['state', stateOf(merchant)],
    ]),
  );
}

const receiverOf = ({ owner }: MerchantView): string => owner ?? 'accounts of its own';

function stateOf({ disabled_at }: MerchantView): string {
  return disabled_at === null ? 'enabled' : 'disabled';
}
