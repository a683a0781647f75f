import { at, list } from '../json';

/**
 * Returns bytes as base64 from what becomes of them in JSON: base64 itself, a list of numbers, an object of numbered
 * ones `{0: .., 1: ..}`, or a Buffer's own form `{type: 'Buffer', data: ..}` around any of these. Undefined unless they
 * are just `length` bytes.
 */
export function base64Of(value: unknown, length: number): string | undefined {
  const bytes = bytesOf(at(value, 'data') ?? value);
  return bytes?.length === length ? bytes.toString('base64') : undefined;
}

function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  const numbers = list(value);
  return numbers.every(isByte) ? Buffer.from(numbers) : undefined;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
}
