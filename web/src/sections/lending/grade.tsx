import { Popover, Text, UnstyledButton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Tag, type Tone } from '../../design/index.ts';
import classes from './lending.module.css';

/** What a grade says about the borrower, in plain words. */
const GRADE_WORDS: Readonly<Record<string, { tone: Tone; risk: string; meaning: string }>> = {
  A: {
    tone: 'good',
    risk: 'lowest risk',
    meaning: 'The strongest borrowers: steady income and little debt. The lowest rates.',
  },
  B: { tone: 'good', risk: 'low risk', meaning: 'Strong borrowers with few signs of trouble.' },
  C: { tone: 'accent', risk: 'moderate risk', meaning: 'Sound borrowers. Some will pay late in bad times.' },
  D: {
    tone: 'accent',
    risk: 'raised risk',
    meaning: 'Borrowers with little to fall back on. Expect some to pay late.',
  },
  E: {
    tone: 'wait',
    risk: 'high risk',
    meaning: 'A weak record or much debt. Expect some losses; the rate pays for them.',
  },
  F: {
    tone: 'wait',
    risk: 'very high risk',
    meaning: 'Losses are likely on some of these loans. Put little into each.',
  },
  G: { tone: 'bad', risk: 'highest risk', meaning: 'The weakest borrowers. Only with money that you can lose.' },
};

const UNKNOWN = { tone: 'calm' as const, risk: 'not rated', meaning: 'This grade is not described.' };

/** A grade as a word: in lists. */
export function Grade({ grade }: { grade: string }) {
  return <Tag tone={(GRADE_WORDS[grade] ?? UNKNOWN).tone} label={`Grade ${grade}`} />;
}

/** A grade, and what it means when it is pressed. */
export function GradeInfo({ grade }: { grade: string }) {
  const { tone, risk, meaning } = GRADE_WORDS[grade] ?? UNKNOWN;
  return (
    <Popover width={280} withArrow shadow="md" position="bottom-start" trapFocus={false}>
      <Popover.Target>
        <UnstyledButton className={classes['grade']} aria-label={`Grade ${grade}, ${risk}: what it means`}>
          <Tag tone={tone} icon={IconInfoCircle} label={`Grade ${grade}`} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Grade ${grade}`}>
        <Text size="sm" fw={600}>
          Grade {grade}: {risk}
        </Text>
        <Text size="sm" mt={4}>
          {meaning}
        </Text>
        <Text size="xs" c="dimmed" mt="xs">
          Grades go from A, the least risk, to G. No grade is a promise.
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
