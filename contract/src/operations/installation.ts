import Type from 'typebox';
import { ClockView, Installation, Overview } from '../schemas/installation.ts';
import { Verification, VerificationQuery } from '../schemas/verification.ts';
import type { Operation } from './operation.ts';

const operate = { scope: 'operate', roles: ['operator'] } as const;

export const INSTALLATION_OPERATIONS = [
  {
    operationId: 'getInstallation',
    method: 'GET',
    path: '/v1/installation',
    tag: 'system',
    summary: 'What this installation is',
    description: 'For everybody, with its live numbers. In a demo installation also the logins that everybody knows.',
    access: 'public',
    responses: { 200: { description: 'The installation.', schema: Installation } },
  },
  {
    operationId: 'streamInstallation',
    method: 'GET',
    path: '/v1/installation/stream',
    tag: 'system',
    summary: 'Follow the installation’s numbers (server-sent events)',
    description:
      'An event `totals` at once, and then whenever they have changed, at most once a second; `data` is what ' +
      '`totals` is in `GET /v1/installation`. A slow reader misses some: each event has all the numbers. An address may ' +
      'hold 100 of these streams open.',
    access: 'public',
    responses: {
      200: {
        description: 'Events, until the client disconnects.',
        schema: Type.String(),
        mediaType: 'text/event-stream',
      },
    },
    errors: ['rate_limited', 'overloaded'],
    streaming: true,
  },
  {
    operationId: 'getOverview',
    method: 'GET',
    path: '/v1/overview',
    tag: 'operators',
    summary: 'How the installation is doing',
    access: operate,
    responses: { 200: { description: 'The state of now, at most a second old.', schema: Overview } },
  },
  {
    operationId: 'streamOverview',
    method: 'GET',
    path: '/v1/overview/stream',
    tag: 'operators',
    summary: 'Follow how the installation is doing (server-sent events)',
    description: 'An event `overview` at once, and then once a second; `data` is what `GET /v1/overview` answers.',
    access: operate,
    responses: {
      200: {
        description: 'Events, until the client disconnects.',
        schema: Type.String(),
        mediaType: 'text/event-stream',
      },
    },
    errors: ['rate_limited', 'overloaded'],
    streaming: true,
  },
  {
    operationId: 'confirmClock',
    method: 'POST',
    path: '/v1/clock/confirm',
    tag: 'operators',
    summary: 'Say that the clock is right',
    description:
      'Where business time has jumped, or the installation was off for a long time, what is due waits until an operator says that the ' +
      'time is right: loans expire, instalments are collected and late loans default by it, and that cannot be undone.',
    access: operate,
    responses: { 200: { description: 'The clock, as it is judged now.', schema: ClockView } },
  },
  {
    operationId: 'runVerification',
    method: 'POST',
    path: '/v1/verifications',
    tag: 'operators',
    summary: 'Check the books',
    description:
      'Runs the checks of `millrace verify` on a snapshot, beside the working server, one verification at a time, and ' +
      'answers when they are done. What an earlier run has proven is not read again, so that rows of that part that were ' +
      'changed since are found with `full` only. No check may take longer than a minute here; the command line has no limit.',
    access: operate,
    query: VerificationQuery,
    responses: { 200: { description: 'The report, whether or not something is wrong.', schema: Verification } },
    errors: ['verification_running', 'verification_too_long'],
  },
  {
    operationId: 'getLatestVerification',
    method: 'GET',
    path: '/v1/verifications/latest',
    tag: 'operators',
    summary: 'Read the latest verification',
    description: 'The last one that this process ran over HTTP.',
    access: operate,
    responses: {
      200: { description: 'The report.', schema: Verification },
      204: { description: 'This process has run none.' },
    },
  },
] as const satisfies readonly Operation[];
