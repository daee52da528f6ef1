export function npmArguments(options: { development: boolean; runs: boolean }): string[];
