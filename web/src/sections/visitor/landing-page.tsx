import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useHeading } from '../../design/index.ts';
import { useInstallation, useLiveTotals } from '../../live/index.ts';
import { ButtonLink } from '../../navigation/index.ts';
import { DemoLogins } from './demo-logins.tsx';
import { Features } from './features.tsx';
import classes from './landing-page.module.css';
import { LiveNumbers } from './live-numbers.tsx';

/** The first page: what Millrace is, and what goes on in this installation right now. */
export function LandingPage() {
  const connection = useLiveTotals();
  const { data: installation } = useInstallation();
  const heading = useHeading();
  useEffect(() => {
    document.title = 'Millrace · every order decided once, every cent accounted for';
  }, []);
  return (
    <Stack gap={56} py={{ base: 'sm', sm: 'xl' }}>
      <section className={classes['hero']}>
        <Stack gap="md">
          <Title order={1} ref={heading} tabIndex={-1} className={classes['claim']}>
            Money that moves once, and tells you at once.
          </Title>
          <Text size="lg" c="dimmed" maw="36rem">
            Millrace takes every order, decides it exactly once, and moves the money on a ledger that cannot lose a
            cent. Fund a loan and watch it happen.
          </Text>
          <Group gap="sm" mt="xs">
            <ButtonLink to="/signup" size="md">
              Start investing
            </ButtonLink>
            <ButtonLink to="/login" size="md" variant="default">
              Log in
            </ButtonLink>
          </Group>
        </Stack>
        <LiveNumbers connection={connection} />
      </section>
      {installation?.demo && <DemoLogins users={installation.demo.users} />}
      <Features />
    </Stack>
  );
}
