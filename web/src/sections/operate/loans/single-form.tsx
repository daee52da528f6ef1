import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { Failure } from '../../../design/index.ts';
import { GRADES } from '../../../wording/index.ts';
import classes from '../operate.module.css';
import { BorrowerSelect } from './borrower-select.tsx';
import { type FieldName, PURPOSE_LENGTH_MAX } from './loan-fields.ts';
import { LoanOpened } from './loan-opened.tsx';
import { TermsPreview } from './terms-preview.tsx';
import { useLoanForm } from './use-loan-form.ts';

/** Opens one loan for funding. */
export function SingleForm({ asset, scale }: { asset: string; scale: number }) {
  const { values, creation, previewed, errorOf, touch, set, submit, again } = useLoanForm(scale);
  const input = (name: Exclude<FieldName, 'apr' | 'borrower'>) => ({
    required: true,
    value: values[name],
    error: errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    onBlur: () => touch(name),
  });
  if (creation.isSuccess) return <LoanOpened loan={creation.data} again={again} />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <div className={classes['form']}>
          <div className={classes['whole']}>
            <BorrowerSelect
              value={values.borrower === '' ? null : values.borrower}
              onChange={(id) => set({ borrower: id ?? '' })}
              error={errorOf('borrower')}
            />
          </div>
          <TextInput
            className={classes['whole'] ?? ''}
            label="Purpose"
            description="What investors read."
            maxLength={PURPOSE_LENGTH_MAX}
            {...input('purpose')}
          />
          <TextInput label={`Amount in ${asset}`} inputMode="decimal" maxLength={24} {...input('amount')} />
          <TextInput
            label="Rate in percent a year"
            inputMode="decimal"
            maxLength={9}
            required
            value={values.percent}
            error={errorOf('apr')}
            onChange={(event) => set({ percent: event.currentTarget.value })}
            onBlur={() => touch('apr')}
          />
          <TextInput label="Term in months" inputMode="numeric" maxLength={3} {...input('term_months')} />
          <NativeSelect label="Grade" data={GRADES} {...input('grade')} />
          <TextInput
            label="Open for funding until"
            description="In your own time zone."
            type="datetime-local"
            {...input('funding_deadline')}
          />
        </div>
        <TermsPreview terms={previewed} asset={asset} />
        {creation.isError && <Failure error={creation.error} title="The loan was not opened." />}
        <Group>
          <Button type="submit" loading={creation.isPending}>
            Open loan
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
