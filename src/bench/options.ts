import { InvalidArgumentError } from 'commander';

/** Returns the value of an option that counts something. Throws commander's error for anything else. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('must be a whole number above 0');
}
