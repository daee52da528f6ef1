import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

interface WithRef {
  ref?: Ref<HTMLAnchorElement>;
}
type Attributes = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>;
type ButtonAttributes = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

function AnchorElement(props: AnchorProps & Attributes & WithRef) {
  return <Anchor {...props} />;
}
function ButtonElement(props: ButtonProps & ButtonAttributes & WithRef) {
  return <Button component="a" {...props} />;
}

/** A link to another page, loaded when the pointer is over it. */
export const Link: LinkComponent<typeof AnchorElement> = createLink(AnchorElement);
/** A link that looks like a button. */
export const ButtonLink: LinkComponent<typeof ButtonElement> = createLink(ButtonElement);
