import { InvalidArgumentError } from 'commander';

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

export function amountText(text: string): string {
  if (/^\d{1,18}(\.\d{1,18})?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a decimal number such as 12500.00.');
}

export function rateText(text: string): string {
  if (/^(0|[1-9]\d{0,2})(\.\d{1,6})?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a decimal number such as 0.0725.');
}
