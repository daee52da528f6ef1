export { allThings, knowThings, type NamedThing, type Thing, thingIn, thingOf } from './registry.ts';
export { ThingLink } from './thing-link.tsx';
export { ThingName } from './thing-name.tsx';
