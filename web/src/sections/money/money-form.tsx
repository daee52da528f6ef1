import { TYPED_LENGTH_MAX } from '@millrace/client/reading';
import { Button, Card, Group, Select, Stack, Tabs, Text, TextInput, type TextInputProps, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { WireAccount, WirePreview } from '@millrace/contract';
import { REASONS } from '@millrace/contract/vocabulary';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Code, Confirm, CopyButton, Failure } from '../../design/index.ts';
import { useInstallation } from '../../live/index.ts';
import { formatMoney, signOf } from '../../money/index.ts';
import { useUrlState, wordIn } from '../../navigation/index.ts';
import { useUser } from '../../session/index.ts';
import { amountOf } from './amounts.ts';
import { MerchantSelect } from './merchant-select.tsx';
import { KINDS, type Kind, readOrder, type Typed, withNewId } from './money-order.ts';
import type { Submission } from './movements.ts';
import { AfterOrder, OrderOutlook } from './order-outlook.tsx';
import { type MoneyOrder, previewQuery } from './queries.ts';

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
  send: (order: Submission['order']) => void;
}

interface Review {
  order: Submission['order'];
  preview: WirePreview;
}

/** Deposit, withdraw, transfer, pay: typed, looked at, confirmed. */
export function MoneyForm({ account, others, chooseAsset, send }: MoneyFormProps) {
  const [{ kind = 'deposit' }, change] = useUrlState((raw) => ({ kind: wordIn(raw, 'kind', KINDS) }));
  const installation = useInstallation();
  const [typed, setTyped] = useState<Typed>(NOTHING);
  const [touched, setTouched] = useState<Touched>({});
  const [review, setReview] = useState<Review | null>(null);
  const confirm = (): void => {
    if (!review) return;
    setReview(null);
    setTyped(NOTHING);
    setTouched({});
    send(review.order);
  };
  const choose = (next: string | null): void => {
    setTouched({});
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
                  review={setReview}
                />
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      </Stack>
      {review && (
        <Confirm
          opened
          title={`${TABS[kind].label} ${formatMoney(amountOf(review.order), account.asset)}?`}
          action={`${TABS[kind].label} ${formatMoney(amountOf(review.order), account.asset)}`}
          onConfirm={confirm}
          onClose={() => setReview(null)}
        >
          <Stack gap="sm">
            <Text>{TABS[kind].says}</Text>
            {review.order.kind === 'transfer' && (
              <Text>
                To <Code>{review.order.to_user}</Code>
              </Text>
            )}
            {review.order.kind === 'pay' && (
              <Text>
                To <Code>{review.order.merchant}</Code> for {review.order.item}
              </Text>
            )}
            <AfterOrder preview={review.preview} account={account} />
          </Stack>
        </Confirm>
      )}
    </Card>
  );
}

/** Asks what the order would do, and hands it on where it would be done; where not, the outlook says why. */
function useCheck(review: (review: Review) => void) {
  const cache = useQueryClient();
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const check = async (typedOrder: MoneyOrder): Promise<void> => {
    setState({ busy: true });
    try {
      const preview = await cache.fetchQuery(previewQuery(typedOrder));
      setState({ busy: false });
      if (preview.status !== 'rejected') review({ order: withNewId(typedOrder), preview });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return { ...state, check };
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
  review: (review: Review) => void;
}

function Fields(props: FieldsProps) {
  const { kind, account, assets, chooseAsset, typed, setTyped, touched, setTouched, review } = props;
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const { busy, error, check } = useCheck(review);
  const now = readOrder(kind, typed, account);
  const outlook = readOrder(kind, settled, account);
  const errors = now.ok ? {} : now.errors;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTouched({ amount: true, toUser: true, merchant: true, item: true });
    if (now.ok) void check(now.order);
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
        <OrderOutlook order={outlook.ok && now.ok ? outlook.order : undefined} account={account} />
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
