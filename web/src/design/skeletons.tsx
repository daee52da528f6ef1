import { Card, SimpleGrid, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import classes from './skeletons.module.css';

function Loading() {
  return <VisuallyHidden role="status">Loading …</VisuallyHidden>;
}

/** As many lines as the text will have. */
export function TextSkeleton({ lines = 3 }: { lines?: number }) {
  return (
    <Stack gap="xs">
      <Loading />
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={16} width={line === lines - 1 ? '60%' : '100%'} />
      ))}
    </Stack>
  );
}

/** Rows of a table, as high as real ones: cards on narrow screens. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Stack gap={0}>
      <Loading />
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className={classes['row'] ?? ''} />
      ))}
    </Stack>
  );
}

/** Figures in a row, as `Stat` shows them. */
export function StatsSkeleton({ count = 4 }: { count?: number }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: count }}>
      {Array.from({ length: count }, (_, item) => (
        <Skeleton key={item} height={58} />
      ))}
    </SimpleGrid>
  );
}

/** Cards in a grid. */
export function CardsSkeleton({ count = 6, height = 180 }: { count?: number; height?: number }) {
  return (
    <>
      <Loading />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {Array.from({ length: count }, (_, card) => (
          <Card key={card} h={height}>
            <TextSkeleton lines={4} />
          </Card>
        ))}
      </SimpleGrid>
    </>
  );
}

/** A page whose code is still on the way. */
export function PageSkeleton() {
  return (
    <Stack gap="lg">
      <Loading />
      <Skeleton height={35} width="40%" />
      <Skeleton height={20} width="70%" />
      <Skeleton height={240} />
    </Stack>
  );
}
