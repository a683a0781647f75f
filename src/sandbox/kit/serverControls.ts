import { z } from 'zod';
import { controlBody, type ControlRoute } from './control';
import type { HttpServer } from './http';

const pauseSchema = z.strictObject({ ms: z.number().int().min(1) });
const resetSchema = z.strictObject({ count: z.number().int().min(0) });

/** Controls over HTTP that both stand-ins have: the server gone for a while, and connections that are reset. */
export const SERVER_CONTROL_ROUTES: readonly ControlRoute<HttpServer>[] = [
  {
    method: 'POST',
    path: '/pause',
    handle: (_server, request) => controlBody(pauseSchema, request),
    after: (server, request) => void server.pauseFor(controlBody(pauseSchema, request).ms),
  },
  {
    method: 'POST',
    path: '/reset-connections',
    handle: (server, request) => server.resetConnections(controlBody(resetSchema, request).count),
  },
];
