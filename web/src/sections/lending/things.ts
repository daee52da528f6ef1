import { IconBuildingBank } from '@tabler/icons-react';
import { client } from '../../session/index.ts';
import type { Thing } from '../../things/index.ts';

export const loanThing: Thing = {
  kind: 'loan',
  label: 'Loan',
  plural: 'Loans',
  icon: IconBuildingBank,
  async readNames(ids) {
    const { data } = await client.loans.list({ ids: ids.join(','), limit: ids.length });
    return new Map(data.map(({ id, purpose }) => [id, purpose]));
  },
};
