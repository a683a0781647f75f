import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { boundLabels, type Labels } from './boundLabels';

/** Counts events. */
export interface TypedCounter<L extends Labels> {
  inc(labels: L, by?: number): void;
}

/** Shows how many there are now. */
export interface TypedGauge<L extends Labels> {
  set(labels: L, value: number): void;
}

/** Counts how many observations fell into which bucket. */
export interface TypedHistogram<L extends Labels> {
  observe(labels: L, value: number): void;
}

/** Makes the metrics of one registry; a label or value that was not declared does not compile. */
export interface Instruments {
  counter<L extends Labels>(name: string, help: string, ...labelNames: (keyof L & string)[]): TypedCounter<L>;
  gauge<L extends Labels>(name: string, help: string, ...labelNames: (keyof L & string)[]): TypedGauge<L>;
  histogram<L extends Labels>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: (keyof L & string)[]
  ): TypedHistogram<L>;
}

/** Values of one label that a metric keeps apart; see boundLabels. */
const MOST_VALUES = 60;

/** Returns the makers of metrics that are registered with the given registry and with no other. */
export function createInstruments(registry: Registry): Instruments {
  const registers = [registry];
  return {
    counter(name, help, ...labelNames) {
      const metric = new Counter<string>({ name, help, labelNames, registers });
      const bound = boundLabels(MOST_VALUES);
      return { inc: (labels, by = 1) => metric.inc(bound(labels), by) };
    },
    gauge(name, help, ...labelNames) {
      const metric = new Gauge<string>({ name, help, labelNames, registers });
      const bound = boundLabels(MOST_VALUES);
      return { set: (labels, value) => metric.set(bound(labels), value) };
    },
    histogram(name, help, buckets, ...labelNames) {
      const metric = new Histogram<string>({ name, help, buckets, labelNames, registers });
      const bound = boundLabels(MOST_VALUES);
      return { observe: (labels, value) => metric.observe(bound(labels), value) };
    },
  };
}
