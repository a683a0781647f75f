import type { StoreContext } from './context';

/** A call of the store as its users see it: without the context that every one takes first. */
type Rest<F> = F extends (ctx: StoreContext, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/** Gives calls their context. */
export type Bind = <F extends (ctx: StoreContext, ...rest: never[]) => unknown>(call: F) => Rest<F>;

/** Returns what gives calls this context. */
export function binderOf(ctx: StoreContext): Bind {
  return <F extends (ctx: StoreContext, ...rest: never[]) => unknown>(call: F): Rest<F> =>
    ((...rest: never[]) => call(ctx, ...rest)) as Rest<F>;
}
