export { allThings, knowPages, knowThings, type NamedThing, pageOf, type Thing, thingIn, thingOf } from './registry.ts';
export { ThingLink } from './thing-link.tsx';
export { ThingName } from './thing-name.tsx';
