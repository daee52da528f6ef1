export { CancelOrder } from './cancel-order.tsx';
export { isCancelable } from './is-cancelable.ts';
