import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { type Icon, IconBolt, IconCode, IconScale } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from '../../navigation/index.ts';
import classes from './landing-page.module.css';

export function Features() {
  return (
    <section className={classes['features']} aria-label="What you get">
      <Feature icon={IconBolt} title="Live, without reloading">
        Every page moves as the ledger does. A lost connection is picked up where it broke, and nothing is skipped.
      </Feature>
      <Feature icon={IconScale} title="Exact to the cent">
        Double entry, whole amounts, one effect for one cause. An order that a rule refuses tells you why, in words.
      </Feature>
      <Feature icon={IconCode} title="Yours to build on">
        One API for everything you see here: REST, WebSocket, a client and a command line. <DocumentationLink />
      </Feature>
    </section>
  );
}

function DocumentationLink() {
  return (
    <Link to="/docs" reloadDocument underline="always">
      Read how.
    </Link>
  );
}

function Feature({ icon: FeatureIcon, title, children }: { icon: Icon; title: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <ThemeIcon variant="transparent" size={28} aria-hidden>
        <FeatureIcon size={26} stroke={1.6} color="var(--mr-accent)" />
      </ThemeIcon>
      <Title order={3}>{title}</Title>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Stack>
  );
}
