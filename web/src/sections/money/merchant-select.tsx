import type { MerchantView } from '@millrace/contract';
import { type Choice, SearchSelect } from '../../navigation/index.ts';
import { merchantsQuery } from './queries.ts';

export interface MerchantSelectProps {
  /** A handle; '' for none. */
  value: string;
  onChange: (handle: string) => void;
  onBlur: () => void;
  error: string | false | undefined;
}

const choicesOf = (merchants: readonly MerchantView[]): Choice[] =>
  merchants.map(({ handle, name }) => ({ value: handle, label: `${name} · ${handle}` }));

/** Finds who is to be paid among the registered merchants, by a part of the name or the handle. */
export function MerchantSelect(props: MerchantSelectProps) {
  return (
    <SearchSelect
      {...props}
      label="Merchant"
      placeholder="Name or handle"
      query={merchantsQuery}
      choicesOf={choicesOf}
      nothingFound="No merchant is called so."
    />
  );
}
