import { TYPED_LENGTH_MAX } from '@millrace/client/reading';
import { Button, Card, Group, Select, Stack, Tabs, Text, TextInput, type TextInputProps, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { WireAccount } from '@millrace/contract';
import { REASONS } from '@millrace/contract/vocabulary';
import { type FormEvent, useState } from 'react';
import { Code, Confirm, CopyButton, Failure } from '../../design/index.ts';
import { useInstallation } from '../../live/index.ts';
import { formatMoney, signOf } from '../../money/index.ts';
import { useUrlState, wordIn } from '../../navigation/index.ts';
import { BalanceAfter, Outlook, type Review, type Reviewed, type Ticket, useReview } from '../../orders/index.ts';
import { useUser } from '../../session/index.ts';
import { amountOf } from './amounts.ts';
import { MerchantSelect } from './merchant-select.tsx';
import { KINDS, type Kind, readOrder, type Typed } from './money-order.ts';

const TABS = {
  deposit: { label: 'Deposit', says: 'Bring money in from your bank. It is there at once.' },
  withdraw: {
    label: 'Withdraw',
    says: 'Send money to your bank. It is set aside until the bank has answered; until the bank has it, you can cancel it.',
  },
  transfer: {
    label: 'Transfer',
    says: 'Send money to another user. It is theirs at once, and cannot be canceled.',
  },
  pay: { label: 'Pay', says: 'Pay a merchant. The money is theirs at once, and cannot be canceled.' },
} as const;

const NEEDS_GATEWAY: ReadonlySet<Kind> = new Set<Kind>(['deposit', 'withdraw']);

/** A pause in typing: the outcome is asked for then, not at every key. */
const TYPING_MS = 300;

/** As the server takes it. */
const ITEM_LENGTH_MAX = 200;

type Touched = Partial<Record<keyof Typed, boolean>>;
const NOTHING: Typed = { amount: '', toUser: '', merchant: '', item: '' };

export interface MoneyFormProps {
  account: WireAccount;
  others: readonly WireAccount[];
  chooseAsset: (asset: string) => void;
  send: (order: Ticket<Kind>) => void;
}

/** Deposit, withdraw, transfer, pay: typed, looked at, confirmed. */
export function MoneyForm({ account, others, chooseAsset, send }: MoneyFormProps) {
  const [{ kind = 'deposit' }, change] = useUrlState((raw) => ({ kind: wordIn(raw, 'kind', KINDS) }));
  const installation = useInstallation();
  const [typed, setTyped] = useState<Typed>(NOTHING);
  const [touched, setTouched] = useState<Touched>({});
  const review = useReview<Kind>();
  const { reviewed } = review;
  const confirm = (): void => {
    if (!reviewed) return;
    review.close();
    setTyped(NOTHING);
    setTouched({});
    send(reviewed.ticket);
  };
  const choose = (next: string | null): void => {
    setTouched({});
    review.close();
    change({ kind: next ?? undefined });
  };
  return (
    <Card component="section" aria-labelledby="move">
      <Stack gap="sm">
        <Title order={2} id="move">
          Move money
        </Title>
        <Tabs value={kind} onChange={choose} keepMounted={false}>
          <Tabs.List aria-label="What to do">
            {KINDS.map((name) => (
              <Tabs.Tab key={name} value={name} px="sm">
                {TABS[name].label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {KINDS.map((name) => (
            <Tabs.Panel key={name} value={name} pt="md">
              {NEEDS_GATEWAY.has(name) && installation.data?.gateway === null ? (
                <Text>{REASONS.gateway_missing} Its operator can connect one. Transfers work all the same.</Text>
              ) : (
                <Fields
                  kind={name}
                  account={account}
                  assets={[account, ...others].map(({ asset }) => asset).sort()}
                  chooseAsset={chooseAsset}
                  typed={typed}
                  setTyped={setTyped}
                  touched={touched}
                  setTouched={setTouched}
                  review={review}
                />
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      </Stack>
      {reviewed && <Question {...reviewed} account={account} confirm={confirm} close={review.close} />}
    </Card>
  );
}

interface QuestionProps extends Reviewed<Kind> {
  account: WireAccount;
  confirm: () => void;
  close: () => void;
}

function Question({ ticket, preview, account, confirm, close }: QuestionProps) {
  const { label, says } = TABS[ticket.kind];
  const action = `${label} ${formatMoney(amountOf(ticket), account.asset)}`;
  return (
    <Confirm opened title={`${action}?`} action={action} onConfirm={confirm} onClose={close}>
      <Stack gap="sm">
        <Text>{says}</Text>
        {ticket.kind === 'transfer' && (
          <Text>
            To <Code>{ticket.to_user}</Code>
          </Text>
        )}
        {ticket.kind === 'pay' && (
          <Text>
            To <Code>{ticket.merchant}</Code> for {ticket.item}
          </Text>
        )}
        <BalanceAfter preview={preview} account={account} />
      </Stack>
    </Confirm>
  );
}

interface FieldsProps {
  kind: Kind;
  account: WireAccount;
  assets: readonly string[];
  chooseAsset: (asset: string) => void;
  typed: Typed;
  setTyped: (typed: Typed) => void;
  /** Fields whose faults are shown: those that were left, and all once it was submitted. */
  touched: Touched;
  setTouched: (touched: Touched) => void;
  review: Review<Kind>;
}

function Fields(props: FieldsProps) {
  const { kind, account, assets, chooseAsset, typed, setTyped, touched, setTouched, review } = props;
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const { busy, error, check } = review;
  const now = readOrder(kind, typed, account);
  const outlook = readOrder(kind, settled, account);
  const errors = now.ok ? {} : now.errors;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTouched({ amount: true, toUser: true, merchant: true, item: true });
    if (now.ok) check(now.order);
  };
  const field = (name: keyof Typed) => ({
    value: typed[name],
    error: touched[name] && errors[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
    onBlur: () => setTouched({ ...touched, [name]: typed[name] !== '' }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw="32rem">
        <Text c="dimmed">{TABS[kind].says}</Text>
        {assets.length > 1 && (
          <Select
            label="Currency"
            allowDeselect={false}
            data={assets}
            value={account.asset}
            onChange={(asset) => asset !== null && chooseAsset(asset)}
          />
        )}
        {kind === 'transfer' && (
          <TextInput
            label="To"
            description="The receiver’s id. Everybody finds their own here, below."
            placeholder="usr_…"
            required
            autoComplete="off"
            spellCheck={false}
            maxLength={TYPED_LENGTH_MAX}
            {...field('toUser')}
          />
        )}
        {kind === 'pay' && <PayFields {...props} errors={errors} item={field('item')} />}
        <TextInput
          label="Amount"
          required
          inputMode="decimal"
          autoComplete="off"
          maxLength={TYPED_LENGTH_MAX}
          placeholder="0.00"
          rightSection={<Text size="sm">{account.asset}</Text>}
          rightSectionWidth={64}
          {...field('amount')}
        />
        {kind !== 'deposit' && signOf(account.available) > 0 && (
          <div>
            <Button variant="default" size="xs" onClick={() => setTyped({ ...typed, amount: account.available })}>
              {`Everything available: ${formatMoney(account.available, account.asset)}`}
            </Button>
          </div>
        )}
        <Outlook request={outlook.ok && now.ok ? outlook.order : undefined}>
          {(preview) => <BalanceAfter preview={preview} account={account} />}
        </Outlook>
        {error !== undefined && <Failure error={error} title="It could not be checked. Nothing has happened." />}
        <Group>
          <Button type="submit" loading={busy}>
            Review
          </Button>
        </Group>
        {kind === 'transfer' && <OwnId />}
      </Stack>
    </form>
  );
}

interface PayFieldsProps extends Pick<FieldsProps, 'typed' | 'setTyped' | 'touched' | 'setTouched'> {
  errors: Partial<Record<keyof Typed, string>>;
  item: TextInputProps;
}

/** Who is paid, and for what. */
function PayFields({ typed, setTyped, touched, setTouched, errors, item }: PayFieldsProps) {
  return (
    <>
      <MerchantSelect
        value={typed.merchant}
        onChange={(merchant) => setTyped({ ...typed, merchant })}
        onBlur={() => setTouched({ ...touched, merchant: typed.merchant !== '' })}
        error={touched.merchant && errors.merchant}
      />
      <TextInput label="For" required autoComplete="off" maxLength={ITEM_LENGTH_MAX} {...item} />
    </>
  );
}

/** What a user gives to a sender of money. */
function OwnId() {
  const { id } = useUser();
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        For others to send money to you, your own id is <Code>{id}</Code>
      </Text>
      <div>
        <CopyButton label="Copy my id" value={id} />
      </div>
    </Stack>
  );
}
