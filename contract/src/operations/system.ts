import Type from 'typebox';
import { Health, JsonDocument, Readiness } from '../schemas/system.ts';
import type { Operation } from './operation.ts';

export const SYSTEM_OPERATIONS = [
  {
    operationId: 'getHealth',
    method: 'GET',
    path: '/healthz',
    tag: 'system',
    summary: 'Ask whether the process is alive',
    access: 'public',
    responses: { 200: { description: 'It is.', schema: Health } },
  },
  {
    operationId: 'getReadiness',
    method: 'GET',
    path: '/readyz',
    tag: 'system',
    summary: 'Ask whether it can serve',
    access: 'public',
    responses: {
      200: { description: 'Every check passed.', schema: Readiness },
      503: { description: 'A check failed.', schema: Readiness },
    },
  },
  {
    operationId: 'getMetrics',
    method: 'GET',
    path: '/metrics',
    tag: 'system',
    summary: 'Metrics for Prometheus',
    description: 'With the metrics token as a bearer token if one is configured; otherwise only from this machine.',
    access: 'metrics',
    responses: { 200: { description: 'Metrics in the text format.', schema: Type.String(), mediaType: 'text/plain' } },
  },
  {
    operationId: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    tag: 'system',
    summary: 'This document',
    access: 'public',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: JsonDocument } },
  },
  {
    operationId: 'getAsyncApi',
    method: 'GET',
    path: '/asyncapi.json',
    tag: 'system',
    summary: 'The document of events and sockets',
    access: 'public',
    responses: { 200: { description: 'AsyncAPI 3.', schema: JsonDocument } },
  },
] as const satisfies readonly Operation[];
