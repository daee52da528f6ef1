import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { TYPED_LENGTH_MAX } from '@millrace/client/reading';
import { Failure } from '../../../design/index.ts';
import { GRADES } from '../../../wording/index.ts';
import classes from '../operate.module.css';
import { BorrowerSelect } from './borrower-select.tsx';
import { type FieldName, PURPOSE_LENGTH_MAX } from './loan-fields.ts';
import { LoanOpened } from './loan-opened.tsx';
import { LoanReview, TermsPreview } from './loan-review.tsx';
import { type FormOptions, useLoanForm } from './use-loan-form.ts';

/** Later years have five digits, which nobody means: without it the field would wait for more after 2026. */
const LAST_TIME = '9999-12-31T23:59';

/** Opens one loan for funding: typed, looked at, confirmed. */
export function SingleForm({ currency, limits }: FormOptions) {
  const { asset } = currency;
  const form = useLoanForm({ currency, limits });
  const { values, creation, review, previewed, errorOf, touch, set } = form;
  const input = (name: Exclude<FieldName, 'borrower'>) => ({
    required: true,
    value: values[name],
    error: errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    onBlur: () => touch(name),
  });
  if (creation.isSuccess) return <LoanOpened loan={creation.data} again={form.again} />;
  return (
    <>
      {review && (
        <LoanReview
          review={review}
          asset={asset}
          busy={creation.isPending}
          error={creation.error}
          confirm={form.confirm}
          back={form.back}
        />
      )}
      {/* It stays behind the review: what was chosen is there when one goes back. */}
      <form onSubmit={form.submit} noValidate hidden={review !== null}>
        <Stack>
          <div className={classes['form']}>
            <div className={classes['whole']}>
              <BorrowerSelect
                value={values.borrower}
                onChange={(id, label) => set({ borrower: id, borrowerLabel: label })}
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
            <TextInput
              label={`Amount in ${asset}`}
              inputMode="decimal"
              maxLength={TYPED_LENGTH_MAX}
              {...input('amount')}
            />
            <TextInput
              label="Rate in percent a year"
              inputMode="decimal"
              maxLength={TYPED_LENGTH_MAX}
              {...input('apr')}
            />
            <TextInput
              label="Term in months"
              inputMode="numeric"
              maxLength={TYPED_LENGTH_MAX}
              {...input('term_months')}
            />
            <NativeSelect label="Grade" data={GRADES} {...input('grade')} />
            <TextInput
              label="Open for funding until"
              description="In your own time zone."
              type="datetime-local"
              max={LAST_TIME}
              {...input('funding_deadline')}
            />
          </div>
          <TermsPreview terms={previewed} asset={asset} />
          {creation.isError && review === null && <Failure error={creation.error} title="The loan was not opened." />}
          <Group>
            <Button type="submit">Review</Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
