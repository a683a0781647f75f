/** Rules that spoil the next requests: each is spent `times` times, the oldest fitting one first. */
export class FaultList<R extends { times: number }> {
  private rules: R[] = [];

  get pending(): readonly R[] {
    return this.rules;
  }

  add(rule: R): void {
    if (rule.times > 0) this.rules.push({ ...rule });
  }

  /** Returns the first rule that fits and spends one of its times, or undefined. */
  take(fits: (rule: R) => boolean): R | undefined {
    const rule = this.rules.find(fits);
    if (rule === undefined) return undefined;
    rule.times -= 1;
    if (rule.times === 0) this.rules = this.rules.filter((other) => other !== rule);
    return rule;
  }

  /** Takes back the rules that fit; all of them unless told. */
  clear(fits: (rule: R) => boolean = () => true): void {
    this.rules = this.rules.filter((rule) => !fits(rule));
  }
}
